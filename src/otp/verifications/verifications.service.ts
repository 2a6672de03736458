import { Injectable } from '@nestjs/common';
import { policyFor } from '../slots/policy';
import type { Principal } from '../../applications/application';
import { DomainError } from '../../common/errors';
import { CheckService } from './check.service';
import { normaliseCode } from './start/code';
import { IdempotentService } from './idempotency/idempotent.service';
import type { CallResult } from './idempotency/idempotent.service';
import { OutcomeService } from './outcome.service';
import { PlanService } from './start/plan.service';
import type { SlotAnswer } from '../slots/slot.repository';
import { StartService } from './start/start.service';
import type { StartPlan } from './start/start-plan';
import { sendRules } from './read/verification.view';
import type { Check, CreateVerification, Send, VerificationAnswer } from './verifications.dto';

/** How a call was made, besides its body. */
export interface CallOptions {
  readonly idempotencyKey?: string | undefined;
  /** Seconds to wait for the first outcome of the text. */
  readonly waitSeconds?: number | undefined;
}

export type { CallResult };

/** The engine as the API, and later the compatible APIs, call it. */
@Injectable()
export class VerificationsService {
  constructor(
    private readonly plans: PlanService,
    private readonly starts: StartService,
    private readonly checks: CheckService,
    private readonly outcomes: OutcomeService,
    private readonly calls: IdempotentService,
  ) {}

  /** 201 with a new verification, 200 with the pending one that was joined. */
  async create(principal: Principal, input: CreateVerification, options: CallOptions): Promise<CallResult> {
    const plan = await this.plans.plan(principal, input);
    this.starts.admit();
    const result = await this.calls.run(
      { principal, route: 'create', target: '', key: options.idempotencyKey, request: input },
      async ({ opId, verificationId }) => this.createOnce(plan, opId, verificationId),
    );
    if (!options.waitSeconds || result.replayed) return result;
    const verification = await this.outcomes.whenSent(principal, result.verification, options.waitSeconds);
    return { ...result, verification };
  }

  /** 200 for every guess that was evaluated; only `valid: true` is a yes. */
  async check(
    principal: Principal,
    verificationId: string,
    input: Check,
    options: CallOptions,
  ): Promise<CallResult> {
    const code = normaliseCode(input.code);
    if (code === null) throw notACode();
    const guess = { verificationId, code, transaction: input.transaction };
    return this.calls.run(
      {
        principal,
        route: 'check',
        target: verificationId,
        key: options.idempotencyKey,
        request: { ...input, code },
      },
      async ({ opId }) => {
        const answer = await this.checks.check(principal, guess, opId);
        const verification = await this.outcomes.verificationOf(principal, verificationId, answer);
        return { status: 200, valid: answer.ok && answer.outcome === 'approved', verification };
      },
    );
  }

  /** The same code again, to the same person; by the verification's first channel unless another is named. */
  async send(principal: Principal, verificationId: string, input: Send): Promise<VerificationAnswer> {
    this.starts.admit();
    const verification = await this.outcomes.read(principal, verificationId);
    const { purpose, status } = verification;
    const channel = input?.channel ?? verification.channel;
    this.plans.requireChannel(principal, channel, verification);
    const rules = sendRules(policyFor(principal.application.settings, purpose));
    const ask = { channel, locale: input?.locale ?? null, rules };
    const answer = await this.starts.resend(principal, verificationId, ask);
    return this.outcomes.verificationOf(principal, verificationId, endedBefore(status, answer));
  }

  async cancel(principal: Principal, verificationId: string): Promise<VerificationAnswer> {
    const answer = await this.checks.cancel(principal, verificationId);
    if (!answer.ok && answer.refusal.kind === 'ended' && answer.refusal.status === 'canceled') {
      return this.outcomes.read(principal, verificationId);
    }
    return this.outcomes.verificationOf(principal, verificationId, answer);
  }

  private async createOnce(plan: StartPlan, op: string, verificationId: string) {
    const answer = await this.starts.start(plan, op, verificationId);
    const started = answer.ok && answer.outcome === 'started';
    const id = started ? verificationId : currentId(answer, verificationId);
    const personal = started ? plan.personal : undefined;
    const verification = await this.outcomes.verificationOf(plan.principal, id, answer, personal);
    return { status: started ? 201 : 200, valid: null, verification } as const;
  }
}

/** Slots forget verifications that ended long ago; the read just before has found it in the read model. */
function endedBefore(status: VerificationAnswer['status'], answer: SlotAnswer): SlotAnswer {
  if (answer.ok || answer.refusal.kind !== 'not_found' || status === 'pending') return answer;
  return { ...answer, refusal: { kind: 'ended', status } };
}

/** A create that joined is about the verification it found. */
const currentId = (answer: SlotAnswer, otherwise: string): string => answer.slot?.current.id ?? otherwise;

function notACode(): DomainError {
  const message = 'Give 4 to 10 letters or digits; spaces and hyphens do not count.';
  return new DomainError('invalid_request', {
    detail: 'The code has not the form of a code; nothing was charged.',
    errors: [{ path: 'code', message }],
  });
}
