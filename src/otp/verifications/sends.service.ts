import { Injectable } from '@nestjs/common';
import type { Channel } from '../../common/channel';
import { riskNote } from '../../limits/risk/risk-note';
import type { SendCall } from '../../limits/gate';
import type { Answered } from '../slots/commit/task';
import type { ResendOutcome } from '../slots/rules/resend';
import { AdmissionService } from './admission/admission.service';
import { written } from './admission/written';
import { aboutCreate, aboutResend, confirmedCall, createCall, resendCall } from './admission/send-call';
import type { CallContext } from './call-context';
import { CommandsService, type StartAnswer } from './commands.service';
import type { ResendAsk } from './operation';
import type { RunIds } from './idempotency/idempotency';
import type { VerificationView } from './read/verification.view';
import { PlanService } from './start/plan.service';
import type { StartPlan, StartRequest } from './start/start-plan';

/** A start that was looked through, before anything is written. */
export interface PlannedStart {
  readonly plan: StartPlan;
  readonly request: StartRequest;
}

/** Calls by which a message goes out: planned, past the gates, and given to the slot. */
@Injectable()
export class SendsService {
  constructor(
    private readonly plans: PlanService,
    private readonly admission: AdmissionService,
    private readonly commands: CommandsService,
  ) {}

  /** @throws DomainError as {@link PlanService.plan}; `unavailable` when the server is overloaded or goes down */
  async plan(context: CallContext, request: StartRequest): Promise<PlannedStart> {
    const plan = await this.plans.plan(context, request);
    this.commands.admit();
    return { plan, request };
  }

  /**
   * A slot that has its own answer gives it, as it would without any gate: a limit of sends, a quiet join, a lock.
   * @throws DomainError of the gate that refused
   */
  async start(context: CallContext, { plan, request }: PlannedStart, ids: RunIds): Promise<StartAnswer> {
    const asked = await this.admission.admit(createCall(context, plan, request));
    if (asked.isFinal) throw this.admission.refuse(context, asked, aboutCreate(plan));
    const { answered, admission } = await written(asked, {
      foresee: () => this.commands.foreseeStart(context, plan, ids),
      write: (admitted) =>
        this.commands.start(context, plan, ids, { ...admitted, risk: riskNote(asked.decisions) }),
    });
    if (!isSent(answered)) admission.undo();
    else if (admission.refusal) throw this.admission.refuse(context, admission, aboutCreate(plan));
    return answered;
  }

  /**
   * The same code again, by the verification's first channel unless another is named.
   * @throws DomainError of the gate that refused; `invalid_request` for a channel that may not be used
   */
  async resend(
    context: CallContext,
    verification: VerificationView,
    ask: { readonly channel?: Channel | undefined; readonly locale?: string | undefined },
  ): Promise<Answered<ResendOutcome>> {
    const channel = ask.channel ?? verification.channel;
    this.plans.requireChannel(context, channel, verification);
    const what = { channel, locale: ask.locale ?? null };
    const asked = await this.admission.admit(this.resendCall(context, verification, what));
    if (asked.isFinal) throw this.admission.refuse(context, asked, aboutResend(verification));
    const { answered, admission } = await written(asked, {
      foresee: () => this.commands.foreseeResend(context, verification.id, what),
      write: (admitted) => this.commands.resend(context, verification.id, what, admitted),
    });
    if (answered.outcome.kind !== 'resent') admission.undo();
    else if (admission.refusal) throw this.admission.refuse(context, admission, aboutResend(verification));
    return answered;
  }

  /** See {@link CommandsService.admit}. */
  admit(): void {
    this.commands.admit();
  }

  /** See {@link CommandsService.whenSent}. */
  whenSent(verification: VerificationView, ms: number): Promise<boolean> {
    return this.commands.whenSent(verification, ms);
  }

  /** By which channels a message could go to this person now. */
  channelsTo(context: CallContext, person: Parameters<PlanService['channelsTo']>[1]): Channel[] {
    return this.plans.channelsTo(context, person);
  }

  /** The code was right: what limits gave out for it may come back to them. */
  confirmed(context: CallContext, verification: VerificationView, deviceId: string | undefined): void {
    const { createdAt, endedAt } = verification;
    const when = { sentAt: createdAt, confirmedAt: endedAt ?? createdAt };
    this.admission.confirmed(confirmedCall(context, verification, deviceId), when);
  }

  private resendCall(context: CallContext, verification: VerificationView, ask: ResendAsk): SendCall | null {
    const call = resendCall(context, verification, ask.channel);
    return call && { ...call, cost: () => this.plans.resendCost(context, verification, ask) };
  }
}

/** A message goes out. */
function isSent({ outcome: { kind } }: StartAnswer): boolean {
  return kind === 'started' || kind === 'joined';
}
