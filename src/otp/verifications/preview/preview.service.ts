import { Injectable } from '@nestjs/common';
import { hasRoomFor, tooManyPurposes } from '../../../applications/application';
import { DomainError } from '../../../common/errors';
import { newId } from '../../../common/ids';
import type { RuleDecision } from '../../../limits/gate';
import { AdmissionService } from '../admission/admission.service';
import { createCall } from '../admission/send-call';
import type { CallContext } from '../call-context';
import { CommandsService } from '../commands.service';
import { PlanService } from '../start/plan.service';
import type { StartPlan, StartRequest } from '../start/start-plan';
import { isAllowed, numberDecision, recipientDecision, testNumberDecision } from './foreseen';

export interface Preview {
  readonly allowed: boolean;
  readonly decisions: readonly RuleDecision[];
}

/** What a create would come to now, and which rules say so. Nothing is written, charged or sent, and no vendor asked. */
@Injectable()
export class PreviewService {
  constructor(
    private readonly plans: PlanService,
    private readonly admission: AdmissionService,
    private readonly commands: CommandsService,
  ) {}

  /** @throws DomainError as a create for what is wrong with the call; `unavailable` */
  async preview(context: CallContext, request: StartRequest): Promise<Preview> {
    const decisions = await this.decide(context, request);
    return { allowed: isAllowed(decisions), decisions };
  }

  private async decide(context: CallContext, request: StartRequest): Promise<RuleDecision[]> {
    const plan = this.planOrRefusal(context, request);
    if ('rule' in plan) return [plan];
    if (!hasRoomFor(plan.slot.purpose, context.application)) throw tooManyPurposes();
    const call = createCall(context, plan, request);
    const gates = call ? await this.admission.preview(call) : [testNumberDecision];
    const ids = { opId: newId(), verificationId: plan.verificationId, keyed: false };
    const { outcome } = await this.commands.foreseeStart(context, plan, ids);
    return [...gates, recipientDecision(outcome)];
  }

  private planOrRefusal(context: CallContext, request: StartRequest): StartPlan | RuleDecision {
    try {
      return this.plans.look(context, request);
    } catch (error) {
      const refused = error instanceof DomainError ? numberDecision(error) : null;
      if (refused) return refused;
      throw error;
    }
  }
}
