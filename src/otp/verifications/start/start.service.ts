import { Inject, Injectable } from '@nestjs/common';
import { mongo } from 'mongoose';
import type { Principal } from '../../../applications/application';
import type { Channel } from '../../../common/channel';
import { Clock } from '../../../common/clock';
import { unavailable } from '../../../common/errors';
import { newId } from '../../../common/ids';
import { KeyRing } from '../../../keys/key-ring.service';
import { LEASE_MS } from '../../deliveries/deliveries.service';
import { DispatchService } from '../../deliveries/dispatch.service';
import { SealedService } from '../../slots/sealed.service';
import type { NewDelivery } from '../../slots/pipelines/resend.pipeline';
import { SlotRepository } from '../../slots/slot.repository';
import type { SlotAnswer } from '../../slots/slot.repository';
import { transactionDigest } from '../transaction-digest';
import type { StartPlan } from './start-plan';
import { sendRules } from '../read/verification.view';

/** Above this many operations waiting for the commit, creates are refused: a person with a code in hand gets through. */
const MAX_WAITING_FOR_CREATE = 500;

/** Starts verifications and repeats their codes: writes the slot, then hands the delivery on. */
@Injectable()
export class StartService {
  constructor(
    private readonly slots: SlotRepository,
    private readonly keys: KeyRing,
    private readonly sealed: SealedService,
    private readonly deliveries: DispatchService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `unavailable` before anything is written. */
  admit(): void {
    this.deliveries.admit();
    if (this.slots.waiting > MAX_WAITING_FOR_CREATE)
      throw unavailable('The server is overloaded. Try again.');
  }

  /** One create. The gateway is called after this returned, outside any database operation. */
  async start(plan: StartPlan, op: string, verificationId: string): Promise<SlotAnswer> {
    const { application } = plan.principal;
    const slotId = this.keys.slotKey(application.id, plan.purpose, plan.number.e164);
    const delivery = newDelivery(plan.delivery);
    const leaseStart = this.clock.monotonic();
    const answer = await this.slots.create(slotId, {
      op,
      actor: `key:${plan.principal.keyId}`,
      applicationId: application.id,
      purpose: plan.purpose,
      recipient: this.keys.recipientKey(application.id, plan.number.e164),
      record: this.record(plan, slotId, verificationId),
      delivery,
      leaseOwner: this.deliveries.owner,
      leaseMs: LEASE_MS,
      whenPending: plan.policy.whenPending,
      ...sendRules(plan.policy),
    });
    if (answer.ok) await this.deliveries.send(answer, delivery.id, leaseStart, plan);
    return answer;
  }

  /** `/sends`: the same code again. */
  async resend(
    principal: Principal,
    verificationId: string,
    ask: { channel: Channel; locale: string | null; rules: ReturnType<typeof sendRules> },
  ): Promise<SlotAnswer> {
    const delivery = newDelivery({
      channel: ask.channel,
      locale: ask.locale,
      appHash: null,
      webOtpDomain: null,
    });
    const leaseStart = this.clock.monotonic();
    const answer = await this.slots.resend({
      applicationId: principal.application.id,
      op: newId(),
      actor: `key:${principal.keyId}`,
      verificationId,
      delivery,
      leaseOwner: this.deliveries.owner,
      leaseMs: LEASE_MS,
      ...ask.rules,
    });
    if (answer.ok) await this.deliveries.send(answer, delivery.id, leaseStart, { principal });
    return answer;
  }

  private record(plan: StartPlan, slotId: string, verificationId: string) {
    const kid = this.keys.current();
    const code = plan.code.reveal();
    const digest = transactionDigest(this.keys, plan.personal.transaction);
    const mac = this.keys.codeMac(kid, {
      applicationId: plan.principal.application.id,
      verificationId,
      transactionDigest: digest,
      code,
    });
    return {
      id: verificationId,
      status: 'pending' as const,
      mac: new mongo.Binary(mac),
      kid,
      ...this.sealed.seal(kid, slotId, verificationId, code, plan.personal),
      policy: {
        maxChecks: plan.policy.maxChecks,
        ttlMs: plan.policy.ttlSeconds * 1000,
        codeLength: plan.policy.codeLength,
        codeAlphabet: plan.policy.codeAlphabet,
      },
      checksUsed: 0,
      country: plan.number.country,
      channel: plan.delivery.channel,
      // Only where there is something to follow: the usual verification stays as small as it was.
      ...(plan.steps.length > 1 ? { plan: { steps: [...plan.steps], step: 0 } } : {}),
      masked: plan.masked,
      transactionDigest: digest && new mongo.Binary(digest),
      refunds: 0,
    };
  }
}

function newDelivery(ask: Pick<NewDelivery, 'channel' | 'locale' | 'appHash' | 'webOtpDomain'>): NewDelivery {
  return {
    id: newId(),
    ...ask,
    provider: null,
    reference: null,
    errorCode: null,
    attemptedAt: null,
    attempts: [],
  };
}
