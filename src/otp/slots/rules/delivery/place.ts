/** Where a delivery stands in its slot, and how it is changed there. */
import type { Actor } from '../../../../access/principal';
import { eventOf } from '../effect';
import {
  isTombstone,
  type DeliveryRecord,
  type Slot,
  type SlotEvent,
  type VerificationRecord,
} from '../../slot';
import type { FinalState } from './attempt';
import { becameFinal } from './delivery-state';

export interface DeliveryTarget {
  readonly verificationId: string;
  readonly deliveryId: string;
}

/** An owner, as the lease names it. */
export interface LeaseHolder {
  readonly leaseOwner: string;
  readonly leaseN: number;
}

export interface Place {
  readonly slot: Slot;
  readonly record: VerificationRecord;
  readonly delivery: DeliveryRecord;
  /** The record is the slot's current one, not a past one. */
  readonly isCurrent: boolean;
}

/** Null: the slot has no whole record of that delivery. */
export function placeOf(slot: Slot | null, { verificationId, deliveryId }: DeliveryTarget): Place | null {
  if (!slot) return null;
  const record = [slot.current, ...slot.past].find(({ id }) => id === verificationId);
  if (!record || isTombstone(record)) return null;
  const delivery = record.deliveries.find(({ id }) => id === deliveryId);
  return delivery ? { slot, record, delivery, isCurrent: record === slot.current } : null;
}

/** `owner` and `n` are the fence: a paused instance that comes back after its lease ran out changes nothing. */
export function isLeasedTo({ lease }: DeliveryRecord, { leaseOwner, leaseN }: LeaseHolder): boolean {
  return lease?.owner === leaseOwner && lease.n === leaseN;
}

/** What of the slot changes when the record of a place does. */
export function recordSet(
  { slot, isCurrent }: Place,
  record: VerificationRecord,
): Pick<Slot, 'current' | 'past'> {
  if (isCurrent) return { current: record, past: slot.past };
  return { current: slot.current, past: slot.past.map((old) => (old.id === record.id ? record : old)) };
}

/** The record with its delivery changed; nothing else of it moves. */
export function withChanged(record: VerificationRecord, delivery: DeliveryRecord): VerificationRecord {
  const deliveries = record.deliveries.map((one) => (one.id === delivery.id ? delivery : one));
  return { ...record, deliveries };
}

/**
 * The record in its next version. Events make the relay copy it to the read model; a change without any counts within
 * the version, and marks the record for the relay.
 */
export function nextVersion(record: VerificationRecord, events: number, now: Date): VerificationRecord {
  const { rev = 0, uncopiedAt = now, ...rest } = record;
  return events > 0
    ? { ...rest, seq: record.seq + events }
    : { ...rest, seq: record.seq, rev: rev + 1, uncopiedAt };
}

/** A final state, as an event. */
export function finalEvent(
  record: VerificationRecord,
  delivery: DeliveryRecord,
  fields: { readonly type: FinalState; readonly at: Date; readonly actor: Actor; readonly offset?: number },
): SlotEvent {
  const { id: deliveryId, state, provider, errorCode } = delivery;
  return eventOf(record, { ...fields, data: { deliveryId, state, provider, errorCode } });
}

/** What receipts made of a delivery, which only as a final state is an event. */
export interface Reported {
  readonly record: VerificationRecord;
  readonly events: readonly SlotEvent[];
  readonly final: FinalState | null;
}

export function reported(
  { record, delivery }: Place,
  after: DeliveryRecord,
  actor: Actor,
  now: Date,
): Reported {
  const final = becameFinal(delivery, after);
  const events = final ? [finalEvent(record, after, { type: final, at: now, actor })] : [];
  return { record: nextVersion(withChanged(record, after), events.length, now), events, final };
}
