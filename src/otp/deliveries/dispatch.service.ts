import { Injectable } from '@nestjs/common';
import { defaultDelivery } from '../../sms/routing/delivery-rules';
import type { Application } from '../../applications/application';
import { ChannelsService } from './channels.service';
import type { Personal } from '../verifications/read/verification.view';
import { SealedService } from '../slots/sealed.service';
import type { DeliveryRecord } from '../slots/slot';
import type { SlotState } from '../slots/slot.store';
import type { StartPlan } from '../verifications/start/start-plan';
import { DeliveriesService } from './deliveries.service';
import type { Dispatch } from './deliveries.service';
import { deliveryText } from './delivery-text';

/** A delivery that an operation of this instance put into a slot, or took over. */
export interface Held {
  readonly slot: SlotState;
  /** The database's time. */
  readonly now: Date;
  readonly deliveryId: string;
  /** Monotonic, from before the lease was written. */
  readonly leaseStart: number;
  readonly leaseN: number;
  readonly application: Application;
  /** Spare opening what this process sealed itself a moment ago. */
  readonly known?: { readonly code: string; readonly personal: Personal };
}

/** From a delivery in a slot to a message on its way: opens the code, writes the text, starts the delivery. */
@Injectable()
export class DispatchService {
  constructor(
    private readonly deliveries: DeliveriesService,
    private readonly sealed: SealedService,
    private readonly channels: ChannelsService,
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

  /** Takes nothing over any more. */
  get isStopping(): boolean {
    return this.deliveries.isStopping;
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
    const { slot, now } = answer;
    const { application } = plan.principal;
    const held = { slot, now, deliveryId, leaseStart, leaseN: 1, application };
    if (answer.outcome !== 'started' || !plan.code || !plan.personal) return this.take(held);
    this.start({ ...held, known: { code: plan.code.reveal(), personal: plan.personal } });
  }

  /** Sends a delivery that this instance holds. */
  async take(held: Held): Promise<void> {
    await this.sealed.ready(held.slot.current);
    this.start(held);
  }

  /** The personal data of the current verification; null once removed. */
  async personalOf(slot: Pick<SlotState, '_id' | 'current'>): Promise<Personal | null> {
    await this.sealed.ready(slot.current);
    return this.sealed.openPersonal(slot._id, slot.current);
  }

  private start(held: Held): void {
    const { slot, known, application } = held;
    const { current } = slot;
    // Absent: this create was a repeat of an operation that had its own delivery, or things have moved on.
    const delivery = current.deliveries.find((one) => one.id === held.deliveryId && one.state === 'sending');
    const code = delivery && (known?.code ?? this.sealed.openCode(slot._id, current));
    const personal = delivery && (known?.personal ?? this.sealed.openPersonal(slot._id, current));
    if (!code || !personal) return;
    this.deliveries.start({
      slotId: slot._id,
      verificationId: current.id,
      deliveryId: held.deliveryId,
      leaseN: held.leaseN,
      leaseStart: held.leaseStart,
      message: messageOf(held, delivery, code, personal),
      routes: this.channels.routes(delivery.channel, application),
      rules: { ...defaultDelivery, ...application.settings.delivery },
      exclude: delivery.exclude ?? [],
    });
  }
}

function messageOf(
  { slot, now, application }: Held,
  delivery: DeliveryRecord,
  code: string,
  personal: Personal,
): Dispatch['message'] {
  const { current, purpose } = slot;
  return {
    applicationId: slot.applicationId,
    clientReference: current.id + delivery.id,
    channel: delivery.channel,
    // Without an address no gateway is asked: see DeliveriesService.
    to: (delivery.channel === 'email' ? personal.email : personal.to) ?? '',
    country: current.country,
    code,
    ...deliveryText({
      application,
      purpose,
      record: current,
      delivery,
      transaction: personal.transaction,
      code,
      now,
    }),
  };
}
