/**
 * When a job has work on a slot, and which. The one place that knows: `dueAt`, by which the jobs find their slots, is
 * computed here, and so is what they do with a slot they have found.
 */
import {
  isTombstone,
  type DeliveryRecord,
  type PastRecord,
  type Slot,
  type VerificationRecord,
} from '../../slot';

/** Personal data and tombstones stay this long after the end. */
export const ERASE_AFTER_MS = 24 * 3_600_000;
/** The process that wrote an event relays it from memory; only what it left behind is anybody else's work. */
const RELAY_GRACE_MS = 5_000;

/** One piece of work, from the moment on at which it is due. */
export type Work = { readonly at: Date } & (
  | { readonly kind: 'relay' }
  | { readonly kind: 'expire' }
  /** The lease of this delivery ran out. */
  | { readonly kind: 'claim'; readonly verificationId: string; readonly deliveryId: string }
  /** The next gateway or channel. */
  | { readonly kind: 'follow-up'; readonly verificationId: string }
  /** Personal data or a tombstone of this verification has been kept long enough. */
  | { readonly kind: 'erase'; readonly verificationId: string }
);
export type WorkKind = Work['kind'];

const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

/** All that a slot will need, in no order. */
export function workOf(slot: Slot): Work[] {
  return [...relayWork(slot), ...currentWork(slot.current), ...slot.past.flatMap(pastWork)];
}

/** The earliest of it; undefined: none. */
export function dueAt(slot: Slot): Date | undefined {
  const times = workOf(slot).map(({ at }) => at.getTime());
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/** What may be done at `now`. */
export function dueWork(slot: Slot, now: Date): Work[] {
  return workOf(slot).filter(({ at }) => at <= now);
}

/** Something of it is not in the log or in the read model yet. */
function relayWork({ outbox, current, past }: Slot): Work[] {
  const since = [...outbox.map(({ at }) => at), ...[current, ...past].flatMap(uncopiedAt)];
  const first = since.length > 0 ? Math.min(...since.map((at) => at.getTime())) : null;
  return first === null ? [] : [{ kind: 'relay', at: new Date(first + RELAY_GRACE_MS) }];
}

function uncopiedAt(record: PastRecord): Date[] {
  return 'uncopiedAt' in record && record.uncopiedAt ? [record.uncopiedAt] : [];
}

function currentWork(current: VerificationRecord): Work[] {
  const { id: verificationId, status, expiresAt, followAt, endedAt, personal } = current;
  const claims = current.deliveries.flatMap((delivery) => claimWork(verificationId, delivery));
  if (status === 'pending') {
    const followUp: Work[] = followAt ? [{ kind: 'follow-up', at: followAt, verificationId }] : [];
    return [...claims, ...followUp, { kind: 'expire', at: expiresAt }];
  }
  const isKept = personal !== null && endedAt !== null;
  return isKept ? [...claims, { kind: 'erase', at: later(endedAt, ERASE_AFTER_MS), verificationId }] : claims;
}

/** A past verification that is still whole waits for a lease to run out, or for the relay. */
function pastWork(record: PastRecord): Work[] {
  const { id: verificationId, endedAt } = record;
  if (!isTombstone(record))
    return record.deliveries.flatMap((delivery) => claimWork(verificationId, delivery));
  return endedAt ? [{ kind: 'erase', at: later(endedAt, ERASE_AFTER_MS), verificationId }] : [];
}

function claimWork(verificationId: string, { id: deliveryId, lease }: DeliveryRecord): Work[] {
  return lease ? [{ kind: 'claim', at: lease.until, verificationId, deliveryId }] : [];
}
