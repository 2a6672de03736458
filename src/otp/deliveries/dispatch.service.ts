import { Inject, Injectable } from '@nestjs/common';
import { parseRoutes } from '../../../config/routes';
import type { Route } from '../../../config/settings';
import { ApplicationsService } from '../../applications/applications.service';
import type { Application } from '../../applications/application';
import { Clock } from '../../common/clock';
import { newId } from '../../common/ids';
import { smsProviders } from '../../sms/providers.generated';
import { SealedService } from '../sealed.service';
import { SlotRepository } from '../slot/slot.repository';
import type { SlotState } from '../slot/slot.store';
import type { StartPlan } from '../start/start-plan';
import { DeliveriesService, LEASE_MS } from './deliveries.service';
import { deliveryText } from './delivery-text';

/** From a delivery in a slot to a text on its way: opens the code, writes the text, starts the delivery. */
@Injectable()
export class DispatchService {
  constructor(
    private readonly deliveries: DeliveriesService,
    private readonly slots: SlotRepository,
    private readonly sealed: SealedService,
    private readonly applications: ApplicationsService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  get owner(): string {
    return this.deliveries.owner;
  }

  admit(): void {
    this.deliveries.admit();
  }

  /** How many more deliveries may wait in this process. */
  get room(): number {
    return this.deliveries.room;
  }

  /**
   * Sends the delivery of an operation that took effect. `plan` spares opening what this process sealed itself
   * a moment ago; it is used only when the slot's verification is the planned one. With a key that this
   * instance does not have yet the delivery waits for its lease to run out: it is never lost.
   */
  async send(
    answer: { slot: SlotState; now: Date; outcome: string },
    deliveryId: string,
    leaseStart: number,
    plan: Pick<StartPlan, 'principal'> & Partial<StartPlan>,
  ): Promise<void> {
    const fresh: Partial<StartPlan> = answer.outcome === 'started' ? plan : {};
    if (!fresh.code) await this.sealed.ready(answer.slot.current);
    this.dispatch(answer.slot, answer.now, deliveryId, {
      application: plan.principal.application,
      leaseStart,
      leaseN: 1,
      code: fresh.code?.reveal() ?? null,
      personal: fresh.personal ?? null,
    });
  }

  /**
   * For the job: takes over a delivery whose lease ran out, or gives it up.
   * @returns `claimed`, `abandoned`, or null when there was nothing to do.
   */
  async redispatch(slotId: string, verificationId: string, deliveryId: string): Promise<string | null> {
    if (this.deliveries.isStopping) return null;
    const leaseStart = this.clock.monotonic();
    const answer = await this.slots.claim(slotId, {
      op: newId(),
      actor: 'job:redispatch',
      verificationId,
      deliveryId,
      leaseOwner: this.owner,
      leaseMs: LEASE_MS,
    });
    if (answer?.outcome !== 'claimed') return answer?.outcome ?? null;
    const application = await this.applications.find(answer.slot.applicationId);
    const lease = answer.slot.current.deliveries.find((one) => one.id === deliveryId)?.lease;
    if (!application || lease?.owner !== this.owner) return null;
    await this.sealed.ready(answer.slot.current);
    this.dispatch(answer.slot, answer.now, deliveryId, {
      application,
      leaseStart,
      leaseN: lease.n,
      code: null,
      personal: null,
    });
    return answer.outcome;
  }

  private dispatch(
    slot: SlotState,
    now: Date,
    deliveryId: string,
    known: {
      application: Application;
      leaseStart: number;
      leaseN: number;
      code: string | null;
      personal: StartPlan['personal'] | null;
    },
  ): void {
    const { current } = slot;
    // Absent: this create was a repeat of an operation that had its own delivery, or things have moved on.
    const delivery = current.deliveries.find((one) => one.id === deliveryId && one.state === 'sending');
    const code = delivery && (known.code ?? this.sealed.openCode(slot._id, current));
    const personal = delivery && (known.personal ?? this.sealed.openPersonal(slot._id, current));
    if (!code || !personal) return;
    const { application } = known;
    this.deliveries.start({
      slotId: slot._id,
      verificationId: current.id,
      deliveryId,
      leaseN: known.leaseN,
      leaseStart: known.leaseStart,
      message: {
        applicationId: slot.applicationId,
        clientReference: current.id + deliveryId,
        channel: delivery.channel,
        to: personal.to,
        country: current.country,
        code,
        ...deliveryText({
          application,
          purpose: slot.purpose,
          record: current,
          delivery,
          transaction: personal.transaction,
          code,
          now,
        }),
      },
      routes: ownRoutes(application),
    });
  }
}

/** Null: the server's. Routes that were checked when they were saved and do not parse any more lead nowhere. */
function ownRoutes({ settings }: Application): readonly Route[] | null {
  if (settings.routes === undefined) return null;
  const parsed = parseRoutes(settings.routes, Object.keys(smsProviders));
  return parsed.ok ? parsed.routes : [];
}
