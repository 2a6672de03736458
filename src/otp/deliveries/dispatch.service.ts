import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import type { Application } from '../../applications/application';
import { ownRoutes } from '../../sms/settings/own-routes';
import { Clock } from '../../common/clock';
import { unavailable } from '../../common/errors';
import { newId } from '../../common/ids';
import type { Payment } from '../../limits/money/payment';
import { deliveryRules, type DeliveryRules } from '../../sms/routing/delivery-rules';
import { DELIVERY_TIMEOUT_MS, SmsService } from '../../sms/sms.service';
import type { SmsDelivery } from '../../sms/gateway';
import type { Personal } from '../slots/personal';
import { callsSpent } from '../slots/rules/delivery/calls';
import type { LeaseTerms } from '../slots/rules/new-delivery';
import { SealedService } from '../slots/sealed.service';
import type { DeliveryRecord, Slot } from '../slots/slot';
import { messageOf, type DeliveryMessage } from './delivery-message';
import type { DeliveryPayments } from './delivery-payments';
import { LEASE_MS } from './lease';
import { OnceAMinute } from './once-a-minute';
import { ReceiptAddresses } from './receipts/links/receipt-addresses.service';
import { noAddress, toTestNumber } from './uncalled';
import { ResultsService, type HeldDelivery } from './results.service';

/** Deliveries that may wait in one process; beyond, creates are refused before anything is written. */
const MAX_WAITING = 1_000;
/** On shutdown: as long as one attempt may take; the requests before it get 4 s, and everything has 10 s. */
const SHUTDOWN_MS = 4_200;

/** A delivery that an operation of this instance put into a slot, or took over. */
export interface ClaimedDelivery {
  /** Its current verification has the delivery. */
  readonly slot: Slot;
  /** The database's time. */
  readonly now: Date;
  readonly deliveryId: string;
  /** Monotonic, from before the lease was written. */
  readonly leaseStart: number;
  readonly leaseN: number;
  readonly application: Application;
  /** Spares opening what this process sealed itself a moment ago. */
  readonly known?: { readonly code: string; readonly personal: Personal } | undefined;
  /** Put aside for the first gateway call. */
  readonly payment?: Payment | null | undefined;
}

/** What is on its way to the gateways. */
interface Dispatch {
  readonly held: HeldDelivery;
  readonly delivery: DeliveryRecord;
  readonly message: DeliveryMessage;
  /** Monotonic. */
  readonly codeEndsAt: number;
  readonly application: Application;
  readonly isTest: boolean;
  readonly purpose: string;
  readonly payments: DeliveryPayments;
  /** A gateway was called, or is about to be. */
  called: boolean;
}

/**
 * Calls the gateways after the slot was written. The delivery stands in the slot, leased to this instance, before its
 * gateway is called: a crash loses nothing, a job takes over.
 */
@Injectable()
export class DispatchService implements BeforeApplicationShutdown {
  /** Names this process in leases. */
  readonly owner = newId();
  private readonly running = new Map<string, { dispatch: Dispatch; done: Promise<void> }>();
  private readonly logger = new Logger(DispatchService.name);
  private readonly warnings = new OnceAMinute();
  private stopping = false;
  /** What still ran was handed on: other instances send it now. */
  private released = false;

  constructor(
    private readonly results: ResultsService,
    private readonly sms: SmsService,
    private readonly sealed: SealedService,
    private readonly addresses: ReceiptAddresses,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `unavailable` when too many deliveries wait already, or the server is going down. */
  admit(): void {
    if (this.stopping) throw unavailable('The server is shutting down.');
    if (this.room === 0) throw unavailable('Too many texts wait to be sent. Try again.', 2);
  }

  /** How many more deliveries may wait in this process. */
  get room(): number {
    return Math.max(0, MAX_WAITING - this.running.size);
  }

  /** Takes nothing over any more: what it released would come back to it. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /** A lease that this instance is about to write. Its time counts from now, before the write. */
  newLease(): LeaseTerms & { readonly leaseStart: number } {
    return { leaseOwner: this.owner, leaseMs: LEASE_MS, leaseStart: this.clock.monotonic() };
  }

  /**
   * Starts a delivery and returns; it ends by itself, whatever the gateways do. With a key that this instance does
   * not have yet it waits for its lease to run out: it is never lost.
   */
  async send(claimed: ClaimedDelivery): Promise<void> {
    if (!claimed.known) await this.sealed.ready(claimed.slot.current);
    const dispatch = this.prepare(claimed);
    if (!dispatch) return claimed.payment?.giveBack();
    const { deliveryId } = claimed;
    const done = this.deliver(dispatch).finally(() => {
      dispatch.payments.close();
      this.running.delete(deliveryId);
    });
    this.running.set(deliveryId, { dispatch, done });
  }

  /** Resolves when the delivery's result is written down, or after `ms`. */
  async settled(deliveryId: string, ms: number): Promise<void> {
    const running = this.running.get(deliveryId);
    if (running) await Promise.race([running.done, delay(ms)]);
  }

  /** Finish what runs; what does not end in time is released, so that another instance need not wait for the lease. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    const all = [...this.running.values()];
    await Promise.race([Promise.allSettled(all.map((one) => one.done)), delay(SHUTDOWN_MS)]);
    this.released = true;
    const left = [...this.running.values()].map(({ dispatch }) => this.release(dispatch));
    await Promise.allSettled([...left, Promise.race([this.results.idle(), delay(1_000)])]);
  }

  private release({ held, called }: Dispatch): Promise<void> {
    return this.results.release(held, !called);
  }

  /** Null: this create was a repeat of an operation that had its own delivery, or things have moved on. */
  private prepare(claimed: ClaimedDelivery): Dispatch | null {
    const { slot, now, application, deliveryId, leaseN, leaseStart, known, payment = null } = claimed;
    const { current } = slot;
    const delivery = current.deliveries.find((one) => one.id === deliveryId && one.state === 'sending');
    const code = delivery && (known?.code ?? this.sealed.openCode(slot._id, current));
    const personal = delivery && (known?.personal ?? this.sealed.openPersonal(slot._id, current));
    if (!code || !personal) return null;
    return {
      held: {
        applicationId: slot.applicationId,
        slotId: slot._id,
        verificationId: current.id,
        deliveryId,
        leaseOwner: this.owner,
        leaseN,
        leaseStart,
        person: personOf(slot, delivery),
      },
      delivery,
      message: messageOf({ application, slot, delivery, code, personal, now, texts: this.sms.texts }),
      // The lease began before the database said `now`, so this is never too late.
      codeEndsAt: leaseStart + current.expiresAt.getTime() - now.getTime(),
      application,
      isTest: current.policy.test === true,
      purpose: slot.purpose,
      payments: this.results.payments(application, current.country, payment),
      called: false,
    };
  }

  private async deliver(dispatch: Dispatch): Promise<void> {
    try {
      const outcome = await this.callGateways(dispatch);
      // What fails now fails because this process closes its connections, which says nothing about the text.
      if (this.released && outcome.outcome !== 'accepted') return;
      this.warn(outcome);
      // There was no time for a call: the job takes over.
      if (outcome.attempts.length === 0 && outcome.outcome === 'unknown') return await this.release(dispatch);
      const withinMs = rulesOf(dispatch.application).failoverWithinSeconds * 1_000;
      await this.results.record(dispatch.held, outcome, withinMs, () => !this.stopping);
    } catch {
      this.logger.error('a delivery failed unexpectedly; its lease will run out and the job takes over');
    }
  }

  private async callGateways(dispatch: Dispatch): Promise<SmsDelivery> {
    const { held, delivery, message, codeEndsAt, application, isTest, purpose, payments } = dispatch;
    if (isTest) return toTestNumber;
    const rules = rulesOf(application);
    // A send by e-mail to somebody whose address nobody gave: a create that joined named the channel.
    if (message.to === '') return noAddress;
    return this.sms.deliver({
      applicationId: message.applicationId,
      clientReference: message.clientReference,
      channel: message.channel,
      to: message.to,
      country: message.country,
      code: message.code,
      text: message.text,
      subject: message.subject,
      locale: message.locale,
      deliveryId: delivery.id,
      codeEndsAt,
      receiptUrlFor: this.addresses.urlsFor(held),
      routes: ownRoutes(delivery.channel, application.settings),
      senders: { settings: application.settings.senders ?? [], purpose },
      rules,
      callsSpent: callsSpent(delivery),
      exclude: excluded(delivery, rules),
      deadlineMs: Math.min(DELIVERY_TIMEOUT_MS, this.results.timeToSend(held)),
      mayStart: () => !this.released && (dispatch.called = true),
      beforeNext: (attempts) => this.results.note(held, attempts),
      pay: (cost) => payments.pay(cost),
    });
  }

  /** For the operator: the caller sees it in the delivery. */
  private warn({ outcome, provider, errorCode, vendorCode }: SmsDelivery): void {
    if (outcome === 'accepted') return;
    const fields = { gateway: provider ?? 'none', outcome, reason: errorCode ?? 'none' };
    if (!this.warnings.allows(Object.values(fields).join(' '), this.clock.monotonic())) return;
    const text = 'a text was not accepted; the same is told once a minute';
    this.logger.warn(text, { ...fields, vendorCode: vendorCode ?? 'none' });
  }
}

function personOf({ applicationId, recipient, current }: Slot, { channel }: DeliveryRecord) {
  return channel === 'email' ? null : { applicationId, recipient, masked: current.masked };
}

const rulesOf = ({ settings }: Application): DeliveryRules => deliveryRules(settings.delivery);

/** Gateways that may have taken the text under an earlier owner are not asked again, as they would not be by that one. */
function excluded({ exclude = [], attempts }: DeliveryRecord, { onUnknown }: DeliveryRules): string[] {
  const open = onUnknown === 'repeat' ? [] : attempts.filter(({ outcome }) => outcome === 'unknown');
  return [...exclude, ...open.map(({ provider }) => provider)];
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
