import { Injectable } from '@nestjs/common';
import type { Application } from '../../applications/application';
import { ApplicationsService } from '../../applications/applications.service';
import { ownRoutes } from '../../sms/settings/own-routes';
import { newId } from '../../common/ids';
import { deliveryRules } from '../../sms/routing/delivery-rules';
import { SmsService } from '../../sms/sms.service';
import type { DeliveryTarget } from '../slots/rules/delivery/place';
import type { NewDelivery } from '../slots/rules/new-delivery';
import { SealedService } from '../slots/sealed.service';
import type { Slot } from '../slots/slot';
import { SlotsService } from '../slots/slots.service';
import { DispatchService, type ClaimedDelivery } from './dispatch.service';
import { followPlan, type FollowPlan, type NextDelivery } from './follow-plan';

/** What the jobs start: deliveries whose sender died, and those that follow one which did not arrive. */
@Injectable()
export class FollowUpService {
  constructor(
    private readonly slots: SlotsService,
    private readonly dispatch: DispatchService,
    private readonly sealed: SealedService,
    private readonly sms: SmsService,
    private readonly applications: ApplicationsService,
  ) {}

  /** How many more deliveries may wait in this process. */
  get room(): number {
    return this.dispatch.room;
  }

  /**
   * Takes over a delivery whose lease ran out, or gives it up.
   * @returns what it came to, or null when this instance takes nothing over any more
   */
  async redispatch(
    { _id: slotId, applicationId }: Pick<Slot, '_id' | 'applicationId'>,
    { verificationId, deliveryId }: DeliveryTarget,
  ): Promise<string | null> {
    if (this.dispatch.isStopping) return null;
    const application = await this.applications.find(applicationId);
    const { leaseStart, ...lease } = this.dispatch.newLease();
    const names = { op: newId(), actor: 'job:redispatch', verificationId, deliveryId } as const;
    const { maxCalls } = deliveryRules(application?.settings.delivery);
    const { outcome, slot, now } = await this.slots.claim(slotId, { ...names, ...lease, maxCalls });
    if (outcome.kind === 'claimed' && slot && application)
      await this.send({ slot, now, deliveryId, leaseStart, application });
    return outcome.kind;
  }

  /**
   * Tries the next gateway or channel of a verification whose `followAt` has come. Everything is decided on what was
   * read; the slot takes it only if it is still so.
   * @returns what it came to, or null when nobody may send
   */
  async followUp(slot: Slot, now: Date): Promise<string | null> {
    if (this.dispatch.isStopping) return null;
    const { leaseStart, ...lease } = this.dispatch.newLease();
    const application = await this.applications.find(slot.applicationId);
    if (!application) return null;
    const plan = await this.planFor(slot, now, application);
    const delivery = plan.kind === 'send' ? followingDelivery(slot, plan.next) : null;
    const answer = await this.slots.followUp(slot._id, {
      ...seen(slot),
      ...decided(plan),
      ...lease,
      delivery,
    });
    if (answer.outcome.kind === 'followed' && answer.slot && delivery)
      await this.send({
        slot: answer.slot,
        now: answer.now,
        deliveryId: delivery.id,
        leaseStart,
        application,
      });
    return answer.outcome.kind;
  }

  private async planFor(slot: Slot, now: Date, application: Application): Promise<FollowPlan> {
    const { current } = slot;
    const { settings } = application;
    if (settings.disabled) return { kind: 'nothing' };
    await this.sealed.ready(current);
    const personal = this.sealed.openPersonal(slot._id, current);
    return followPlan({
      record: current,
      candidates: (channel) => this.sms.candidates(channel, current.country, ownRoutes(channel, settings)),
      hasEmail: personal?.email !== undefined,
      maxCalls: deliveryRules(settings.delivery).maxCalls,
      now,
    });
  }

  private async send(claimed: Omit<ClaimedDelivery, 'leaseN'>): Promise<void> {
    const { current } = claimed.slot;
    const lease = current.deliveries.find(({ id }) => id === claimed.deliveryId)?.lease;
    if (lease?.owner === this.dispatch.owner) await this.dispatch.send({ ...claimed, leaseN: lease.n });
  }
}

/** As it was read: if it has moved since, the slot takes nothing. */
function seen({ current }: Slot) {
  return {
    op: newId(),
    actor: 'job:follow' as const,
    verificationId: current.id,
    followAt: current.followAt ?? null,
    lastDeliveryId: current.deliveries.at(-1)?.id ?? null,
  };
}

function decided(plan: FollowPlan) {
  const next = plan.kind === 'send' ? plan.next : null;
  return {
    again: plan.kind === 'wait' ? plan.until : null,
    step: next?.step ?? null,
    via: next?.via ?? ('fallback' as const),
  };
}

/** What a text said about the app in the browser holds for the next text too; other channels have no use for it. */
function followingDelivery({ current }: Slot, next: NextDelivery): NewDelivery {
  const last = current.deliveries.at(-1);
  const forText = next.channel === 'sms' ? last : undefined;
  return {
    id: newId(),
    channel: next.channel,
    locale: last?.locale ?? null,
    appHash: forText?.appHash ?? null,
    webOtpDomain: forText?.webOtpDomain ?? null,
    ...(next.exclude.length > 0 ? { exclude: [...next.exclude] } : {}),
    ...(next.callsBefore > 0 ? { callsBefore: next.callsBefore } : {}),
  };
}
