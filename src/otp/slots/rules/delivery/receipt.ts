/**
 * Receipts of one delivery. They never change the status of a verification.
 *
 * Idempotent by the state itself: what is known already changes nothing. Only a final state leaves an event; the rest
 * is copied to the read model as `rev`.
 */
import type { Actor } from '../../../../access/principal';
import type { Slot, VerificationRecord } from '../../slot';
import type { Decision } from '../decision';
import { effect } from '../effect';
import type { FinalState } from './attempt';
import { afterReceipts, becameFinal, type DeliveryReceipts } from './delivery-state';
import { followedSoon, isToBeFollowed } from './next-try';
import { settled, type Settled } from './settlement';
import { placeOf, recordSet, reported, type DeliveryTarget } from './place';

export interface ReceiptCommand extends DeliveryTarget, DeliveryReceipts {
  readonly actor: Actor;
  /** How long after its send an undelivered delivery makes another one follow; 0: never. */
  readonly withinMs: number;
}

export interface ReceiptOutcome extends Settled {
  /** `no_place`: the slot has no whole record of that delivery. */
  readonly kind: 'changed' | 'nothing' | 'no_place';
  /** The state that became final by this very command; a repeat says null. */
  readonly final: FinalState | null;
}

export function receipt(slot: Slot | null, command: ReceiptCommand, now: Date): Decision<ReceiptOutcome> {
  const place = placeOf(slot, command);
  if (!place) return { outcome: { kind: 'no_place', final: null } };
  const after = afterReceipts(place.delivery, command, now);
  if (after === place.delivery) return { outcome: { kind: 'nothing', final: null } };
  const { record, events, final } = reported(place, after, command.actor, now);
  const goesOn = final === 'undelivered' && isToBeFollowed(place, after, command.withinMs, now);
  const changed = goesOn ? followedSoon(record, after, now) : record;
  const next = effect(place.slot, recordSet(place, changed), { now, events });
  return { outcome: { kind: 'changed', final, ...settled(place.delivery, after) }, next };
}

/** Of a verification that is in the read model alone: the slot keeps no more than a tombstone, or is gone. */
type Copied = Pick<VerificationRecord, 'deliveries' | 'seq' | 'rev'>;
export type LateReport = DeliveryReceipts & Pick<DeliveryTarget, 'deliveryId'>;
export interface LateOutcome extends Settled {
  /** What of the verification changes; without `rev`, the new version has none. */
  readonly change: Copied;
  readonly final: FinalState | null;
}

/**
 * Receipts that came too late for the slot, by the same rules.
 * @returns null when nothing changes: the delivery is not known, or what is said of it is
 */
export function lateReceipt(copied: Copied, report: LateReport, now: Date): LateOutcome | null {
  const delivery = copied.deliveries.find(({ id }) => id === report.deliveryId);
  const after = delivery && afterReceipts(delivery, report, now);
  if (!delivery || !after || after === delivery) return null;
  const deliveries = copied.deliveries.map((one) => (one === delivery ? after : one));
  const told = { final: becameFinal(delivery, after), ...settled(delivery, after) };
  if (told.final) return { change: { deliveries, seq: copied.seq + 1 }, ...told };
  return { change: { deliveries, seq: copied.seq, rev: (copied.rev ?? 0) + 1 }, ...told };
}
