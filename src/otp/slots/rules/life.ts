/** The life of a verification: what it reads as at a moment, and what ends with it. */
import type { EndedStatus, Refusal } from './decision';
import type { Slot, VerificationRecord, VerificationStatus } from '../slot';

/** With less life than this left (half the ttl when that is less), a code sent now would reach nobody in time. */
const SENDING_MS = 60_000;

export function isExpired(record: Pick<VerificationRecord, 'expiresAt'>, now: Date): boolean {
  return now.getTime() >= record.expiresAt.getTime();
}

/** The status at `now`: pending at or after its expiry reads `expired`, whether a job has run or not. */
export function statusAt(
  record: Pick<VerificationRecord, 'status' | 'expiresAt'>,
  now: Date,
): VerificationStatus {
  return record.status === 'pending' && isExpired(record, now) ? 'expired' : record.status;
}

/** It can still be approved: valid means now < expiresAt. */
export function isLive(record: Pick<VerificationRecord, 'status' | 'expiresAt'>, now: Date): boolean {
  return statusAt(record, now) === 'pending';
}

export const msLeft = (record: Pick<VerificationRecord, 'expiresAt'>, now: Date): number =>
  record.expiresAt.getTime() - now.getTime();

/** Enough life is left for one more message that nobody asked for. */
export function hasTimeToSend(record: Pick<VerificationRecord, 'expiresAt' | 'policy'>, now: Date): boolean {
  return msLeft(record, now) >= Math.min(SENDING_MS, record.policy.ttlMs / 2);
}

/** A verification that has ended, without its code. */
export function ended(
  record: VerificationRecord,
  status: EndedStatus,
  endedAt: Date,
  seq: number,
): VerificationRecord {
  const { mac: _, sealed: __, ...rest } = record;
  return { ...rest, status, endedAt, seq };
}

/** Why the verification is not, or no longer, the live one of the slot; null while it is. */
export function whyNotLive(slot: Slot, verificationId: string, now: Date): Refusal | null {
  if (slot.current.id === verificationId) {
    const status = statusAt(slot.current, now);
    return status === 'pending' ? null : { kind: 'ended', status };
  }
  const past = slot.past.find(({ id }) => id === verificationId);
  return past ? { kind: 'ended', status: past.status as EndedStatus } : { kind: 'not_found' };
}
