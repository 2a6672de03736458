import { Inject, Injectable } from '@nestjs/common';
import { policyFor } from '../slots/policy';
import type { Application } from '../../applications/application';
import { ApplicationsService } from '../../applications/applications.service';
import { Clock } from '../../common/clock';
import { newId } from '../../common/ids';
import { ChannelsService } from './channels.service';
import { followPlan } from './follow-plan';
import type { FollowPlan, NextDelivery } from './follow-plan';
import type { NewDelivery } from '../slots/pipelines/resend.pipeline';
import type { SlotDocument } from '../slots/slot';
import { SlotRepository } from '../slots/slot.repository';
import type { Claim } from '../slots/slot.repository';
import { LEASE_MS } from './deliveries.service';
import { DispatchService } from './dispatch.service';

/** What the jobs start: deliveries whose sender died, and those that follow one which did not arrive. */
@Injectable()
export class FollowUpService {
  constructor(
    private readonly dispatch: DispatchService,
    private readonly slots: SlotRepository,
    private readonly applications: ApplicationsService,
    private readonly channels: ChannelsService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** How many more deliveries may wait in this process. */
  get room(): number {
    return this.dispatch.room;
  }

  /**
   * Takes over a delivery whose lease ran out, or gives it up.
   * @returns `claimed`, `abandoned`, or null when there was nothing to do.
   */
  async redispatch(slotId: string, verificationId: string, deliveryId: string): Promise<string | null> {
    if (this.dispatch.isStopping) return null;
    const leaseStart = this.clock.monotonic();
    const answer = await this.slots.claim(slotId, {
      op: newId(),
      actor: 'job:redispatch',
      verificationId,
      deliveryId,
      ...this.lease(),
    });
    if (answer?.outcome !== 'claimed') return answer?.outcome ?? null;
    const application = await this.applications.find(answer.slot.applicationId);
    if (application) await this.take(answer, deliveryId, leaseStart, application);
    return answer.outcome;
  }

  /**
   * Tries the next gateway or channel of a verification whose `followAt` has come. Everything is decided on what
   * was read; the slot takes it only if it is still so.
   * @returns `followed`, or null when nothing was sent
   */
  async follow(slotId: string): Promise<string | null> {
    if (this.dispatch.isStopping) return null;
    const leaseStart = this.clock.monotonic();
    const found = await this.slots.findByKey(slotId);
    const application = found && (await this.applications.find(found.slot.applicationId));
    if (!application) return null;
    const plan = await this.planFor(found.slot, found.now, application);
    const delivery = plan.kind === 'send' ? followingDelivery(found.slot, plan.next) : null;
    const answer = await this.slots.follow(slotId, {
      ...this.followUp(found.slot, application, plan),
      delivery,
    });
    if (!answer || !delivery) return null;
    await this.take(answer, delivery.id, leaseStart, application);
    return answer.outcome;
  }

  private followUp({ current, purpose }: SlotDocument, { settings }: Application, plan: FollowPlan) {
    const { sends } = policyFor(settings, purpose);
    const next = plan.kind === 'send' ? plan.next : null;
    return {
      op: newId(),
      actor: 'job:follow' as const,
      verificationId: current.id,
      followAt: current.followAt ?? null,
      lastDeliveryId: current.deliveries.at(-1)?.id ?? null,
      again: plan.kind === 'wait' ? plan.until : null,
      step: next?.step ?? null,
      via: next?.via ?? ('fallback' as const),
      windowMs: sends.windowSeconds * 1000,
      sendsMax: sends.max,
      ...this.lease(),
    };
  }

  private async planFor(slot: SlotDocument, now: Date, application: Application): Promise<FollowPlan> {
    const { current } = slot;
    if (application.settings.disabled) return { kind: 'nothing' };
    const personal = await this.dispatch.personalOf(slot);
    return followPlan({
      record: current,
      candidates: (channel) => this.channels.candidates(channel, application, current.country),
      hasEmail: personal?.email !== undefined,
      now,
    });
  }

  private lease(): { leaseOwner: string; leaseMs: number } {
    return { leaseOwner: this.dispatch.owner, leaseMs: LEASE_MS };
  }

  private async take(
    { slot, now }: Claim,
    deliveryId: string,
    leaseStart: number,
    application: Application,
  ): Promise<void> {
    const lease = slot.current.deliveries.find((one) => one.id === deliveryId)?.lease;
    if (lease?.owner !== this.dispatch.owner) return;
    await this.dispatch.take({ slot, now, deliveryId, leaseStart, leaseN: lease.n, application });
  }
}

/** What a text said about the app in the browser holds for the next text too; other channels have no use for it. */
function followingDelivery({ current }: SlotDocument, next: NextDelivery): NewDelivery {
  const last = current.deliveries.at(-1);
  const forText = next.channel === 'sms' ? last : undefined;
  return {
    id: newId(),
    channel: next.channel,
    locale: last?.locale ?? null,
    appHash: forText?.appHash ?? null,
    webOtpDomain: forText?.webOtpDomain ?? null,
    provider: null,
    reference: null,
    errorCode: null,
    attemptedAt: null,
    attempts: [],
    ...(next.exclude.length > 0 ? { exclude: [...next.exclude] } : {}),
  };
}
