import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '../../common/clock';
import type { SmsDelivery } from '../../sms/gateway';
import { SlotsService } from '../slots/slots.service';
import { LEASE_MS } from './lease';
import { ReceiptReferences } from './receipts/links/receipt-references.repository';

/** A delivery that an instance holds, by the names that its slot knows. */
export interface HeldDelivery {
  readonly slotId: string;
  readonly verificationId: string;
  readonly deliveryId: string;
  readonly leaseOwner: string;
  readonly leaseN: number;
  /** Monotonic, from before the lease was written. */
  readonly leaseStart: number;
}

const RETRY_MS = 1_000;

/** Writes into the slot what became of a delivery that this instance holds. */
@Injectable()
export class ResultsService {
  constructor(
    private readonly slots: SlotsService,
    private readonly references: ReceiptReferences,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** How much of the lease is left for gateway calls, in ms: its end is for writing down what they said. */
  timeToSend({ leaseStart }: HeldDelivery): number {
    return LEASE_MS - (this.clock.monotonic() - leaseStart) - RETRY_MS;
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
        return await this.slots.result(held.slotId, {
          ...nameOf(held),
          actor: 'job:delivery',
          result: { state, provider, reference, errorCode },
          attempts,
          withinMs,
        });
      } catch {
        if (this.timeToSend(held) < 0 || !mayRepeat()) return;
        await sleep(RETRY_MS);
      }
    }
  }

  /** Ends the lease now, so that another instance need not wait for it. */
  release(held: HeldDelivery): Promise<void> {
    return this.slots.release(held.slotId, nameOf(held));
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
