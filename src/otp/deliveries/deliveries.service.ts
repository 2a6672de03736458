/**
 * Calls the gateways after the slot was written, and writes down what they said. The delivery stands in the
 * slot, leased to this instance, before its gateway is called: a crash loses nothing, the job takes over.
 */
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import type { Route } from '../../../config/settings';
import type { DeliveryRules } from '../../sms/routing/delivery-rules';
import { Clock } from '../../common/clock';
import { unavailable } from '../../common/errors';
import { newId } from '../../common/ids';
import { DELIVERY_TIMEOUT_MS, SmsService } from '../../sms/sms.service';
import type { SmsDelivery, SmsMessage } from '../../sms/gateway';
import { ReceiptLinks } from './receipts/links/receipt-links.service';
import { SlotRepository } from '../slots/slot.repository';
import { Complaints } from './complaints';

/** How long an instance may hold a delivery. */
export const LEASE_MS = 30_000;
/** Deliveries that may wait in one process; beyond, creates are refused before anything is written. */
const MAX_WAITING = 1_000;
/** On shutdown: as long as one attempt may take; the requests before it get 4 s, and the whole drain has 10 s. */
const SHUTDOWN_MS = 4_200;
const RESULT_RETRY_MS = 1_000;

/** One delivery that this instance holds. `leaseStart` is monotonic and from before the lease was written. */
export interface Dispatch {
  readonly slotId: string;
  readonly verificationId: string;
  readonly deliveryId: string;
  readonly leaseN: number;
  readonly leaseStart: number;
  readonly message: Omit<SmsMessage, 'id' | 'receiptUrl' | 'accountReceiptUrl'>;
  readonly routes: readonly Route[] | null;
  readonly rules: DeliveryRules;
  /** Gateways that failed with this code before. */
  readonly exclude: readonly string[];
}

@Injectable()
export class DeliveriesService implements BeforeApplicationShutdown {
  /** Names this process in leases. */
  readonly owner = newId();
  private readonly running = new Map<string, { dispatch: Dispatch; done: Promise<void> }>();
  private readonly logger = new Logger(DeliveriesService.name);
  private readonly complaints = new Complaints();
  private stopping = false;
  /** What still ran was handed on: other instances send it now. */
  private released = false;

  constructor(
    private readonly slots: SlotRepository,
    private readonly sms: SmsService,
    private readonly receipts: ReceiptLinks,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `unavailable` when too many deliveries wait already, or the server is going down. */
  admit(): void {
    if (this.stopping) throw unavailable('The server is shutting down.');
    if (this.room === 0) throw unavailable('Too many texts wait to be sent. Try again.', 2);
  }

  /** How many more deliveries may wait here. */
  get room(): number {
    return Math.max(0, MAX_WAITING - this.running.size);
  }

  /** Takes nothing over any more: what it released would come back to it. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /** Starts the delivery and returns; it ends by itself, whatever the gateways do. */
  start(dispatch: Dispatch): void {
    const done = this.deliver(dispatch).finally(() => this.running.delete(dispatch.deliveryId));
    this.running.set(dispatch.deliveryId, { dispatch, done });
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
    const left = [...this.running.values()].map((one) => this.release(one.dispatch));
    await Promise.allSettled([...left, Promise.race([this.slots.idle(), delay(1_000)])]);
  }

  private async deliver(dispatch: Dispatch): Promise<void> {
    try {
      const outcome = await this.send(dispatch);
      // What fails now fails because this process closes its connections, which says nothing about the text.
      if (this.released && outcome.outcome !== 'accepted') return;
      this.complain(outcome);
      // No attempt was made in time: the lease runs out and the job takes over.
      if (outcome.attempts.length > 0 || outcome.outcome !== 'unknown') await this.record(dispatch, outcome);
    } catch {
      this.logger.error('a delivery failed unexpectedly; its lease will run out and the job takes over');
    }
  }

  private async send(dispatch: Dispatch): Promise<SmsDelivery> {
    // A send by e-mail to somebody whose address nobody gave: a create that joined named the channel.
    if (dispatch.message.to === '') return noAddress;
    const remaining = LEASE_MS - (this.clock.monotonic() - dispatch.leaseStart);
    return this.sms.deliver({
      ...dispatch.message,
      deliveryId: dispatch.deliveryId,
      receiptUrlFor: this.receipts.urlsFor(dispatch),
      routes: dispatch.routes,
      rules: dispatch.rules,
      exclude: dispatch.exclude,
      // Leaves the end of the lease for writing the result.
      deadlineMs: Math.min(DELIVERY_TIMEOUT_MS, remaining - RESULT_RETRY_MS),
      mayStart: () => !this.released,
    });
  }

  /** For the operator: the caller sees it in the delivery. */
  private complain({ outcome, provider, errorCode }: SmsDelivery): void {
    if (outcome === 'accepted') return;
    const fields = { gateway: provider ?? 'none', outcome, reason: errorCode ?? 'none' };
    if (!this.complaints.isNews(Object.values(fields).join(' '), this.clock.monotonic())) return;
    this.logger.warn('a text was not accepted; the same is told once a minute', fields);
  }

  /** Repeats with the same operation id while the lease lasts: a result lost here would be a second text. */
  private async record(dispatch: Dispatch, outcome: SmsDelivery): Promise<void> {
    const constants = {
      op: newId(),
      actor: 'job:delivery' as const,
      verificationId: dispatch.verificationId,
      deliveryId: dispatch.deliveryId,
      leaseOwner: this.owner,
      leaseN: dispatch.leaseN,
      result: {
        state: outcome.outcome,
        provider: outcome.provider,
        reference: outcome.reference,
        errorCode: outcome.errorCode,
      },
      attempts: outcome.attempts.map((attempt) => ({ ...attempt })),
      withinMs: dispatch.rules.failoverWithinSeconds * 1_000,
    };
    for (;;) {
      try {
        // First: a receipt must not come before its delivery can be found.
        await this.receipts.remember(outcome.provider, outcome.receiptReferences, dispatch);
        return await this.slots.result(dispatch.slotId, constants);
      } catch {
        const left = LEASE_MS - (this.clock.monotonic() - dispatch.leaseStart);
        if (left < RESULT_RETRY_MS || this.stopping) return;
        await delay(RESULT_RETRY_MS);
      }
    }
  }

  private release(dispatch: Dispatch): Promise<void> {
    return this.slots.release(dispatch.slotId, {
      op: newId(),
      actor: 'job:shutdown',
      verificationId: dispatch.verificationId,
      deliveryId: dispatch.deliveryId,
      leaseOwner: this.owner,
      leaseN: dispatch.leaseN,
    });
  }
}

const noAddress: SmsDelivery = {
  outcome: 'rejected',
  provider: null,
  reference: null,
  errorCode: 'no-address',
  attempts: [],
  receiptReferences: [],
};

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
