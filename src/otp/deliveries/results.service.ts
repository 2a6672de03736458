import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Application } from '../../applications/application';
import { Clock } from '../../common/clock';
import { unavailable } from '../../common/errors';
import { withTimeout } from '../../common/with-timeout';
import { BlocksService, type Stop } from '../../limits/blocks/blocks.service';
import { OPTED_OUT } from '../../sms/permanent-reasons';
import type { SmsAttempt, SmsDelivery } from '../../sms/gateway';
import { MoneyService } from '../../limits/money/money.service';
import type { Payment } from '../../limits/money/payment';
import type { NoteOutcome } from '../slots/rules/delivery/note';
import { SlotsService } from '../slots/slots.service';
import { DeliveryPayments } from './delivery-payments';
import { LEASE_MS } from './lease';
import { ReceiptReferences } from './receipts/links/receipt-references.repository';

/** A delivery that an instance holds, by the names that its slot knows. */
export interface HeldDelivery {
  readonly applicationId: string;
  readonly slotId: string;
  readonly verificationId: string;
  readonly deliveryId: string;
  readonly leaseOwner: string;
  readonly leaseN: number;
  /** Monotonic, from before the lease was written. */
  readonly leaseStart: number;
  /** Whose number is called; null: an e-mail goes to somebody. */
  readonly person: Pick<Stop, 'applicationId' | 'recipient' | 'masked'> | null;
}

const RETRY_MS = 1_000;
/** A database that does not answer must not keep a code from a person for longer than this. */
const NOTE_MS = 1_000;

/** Writes into the slot what became of a delivery that this instance holds, and settles what it has cost. */
@Injectable()
export class ResultsService {
  constructor(
    private readonly slots: SlotsService,
    private readonly references: ReceiptReferences,
    @Inject(BlocksService) private readonly blocks: Pick<BlocksService, 'stop'>,
    @Inject(MoneyService) private readonly money: Pick<MoneyService, 'charge' | 'settle'>,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** How much of the lease is left for gateway calls, in ms: its end is for writing down what they said. */
  timeToSend({ leaseStart }: HeldDelivery): number {
    return LEASE_MS - (this.clock.monotonic() - leaseStart) - RETRY_MS;
  }

  /** What its gateway calls are paid with. @param reserved see `DeliveryPayments` */
  payments(
    { id, settings }: Application,
    country: string | null,
    reserved: Payment | null,
  ): DeliveryPayments {
    return new DeliveryPayments(this.money, { applicationId: id, country, settings }, reserved);
  }

  /**
   * Repeats while the lease lasts: a result lost here would be a second text. A repeat of one that arrived changes
   * nothing, since the lease went with it.
   * @param withinMs how long after its send a failed delivery is followed by another one
   * @param mayRepeat asked after each failure
   */
  async record(
    held: HeldDelivery,
    outcome: SmsDelivery,
    withinMs: number,
    mayRepeat: () => boolean,
  ): Promise<void> {
    const { outcome: state, provider, reference, errorCode, attempts, receiptReferences } = outcome;
    for (;;) {
      try {
        // First: a receipt must not come before its delivery can be found.
        if (provider !== null) await this.references.remember(provider, receiptReferences, held);
        await this.stop(held, outcome);
        const { settlements } = await this.slots.result(held.slotId, {
          ...nameOf(held),
          actor: 'job:delivery',
          result: { state, provider, reference, errorCode },
          attempts,
          withinMs,
        });
        return this.money.settle(held.applicationId, settlements);
      } catch {
        if (this.timeToSend(held) < 0 || !mayRepeat()) return;
        await sleep(RETRY_MS);
      }
    }
  }

  /** A vendor that knows of a STOP refuses the call. */
  private async stop({ person }: HeldDelivery, { provider, errorCode }: SmsDelivery): Promise<void> {
    if (!person || provider === null || errorCode !== OPTED_OUT) return;
    await this.blocks.stop({ ...person, author: `gateway:${provider}` });
  }

  /**
   * Writes down what the calls so far came to, before there is another one: without it, whoever takes over after a
   * crash would call the same gateways again.
   * @param attempts all of this instance
   * @returns false when the lease is not ours any more, so that nobody may be called. When the database does not
   * answer in time the calls go on: it takes a crash as well to make one call too many of that.
   */
  async note(held: HeldDelivery, attempts: readonly SmsAttempt[]): Promise<boolean> {
    try {
      const written = this.write(held, attempts);
      return (await withTimeout(written, NOTE_MS, () => unavailable('late'))).kind === 'noted';
    } catch {
      return true;
    }
  }

  /** Settles what it wrote, also when nobody waits for it any more. */
  private async write(held: HeldDelivery, attempts: readonly SmsAttempt[]): Promise<NoteOutcome> {
    const outcome = await this.slots.note(held.slotId, { ...nameOf(held), attempts });
    this.money.settle(held.applicationId, outcome.settlements);
    return outcome;
  }

  /**
   * Ends the lease now, so that another instance need not wait for it.
   * @param unused no gateway was called
   */
  release(held: HeldDelivery, unused: boolean): Promise<void> {
    return this.slots.release(held.slotId, { ...nameOf(held), unused });
  }

  /** Everything that was to be written is written, or its outcome is known to be open. */
  idle(): Promise<void> {
    return this.slots.idle();
  }
}

const nameOf = ({ verificationId, deliveryId, leaseOwner, leaseN }: HeldDelivery) => ({
  verificationId,
  deliveryId,
  leaseOwner,
  leaseN,
});
