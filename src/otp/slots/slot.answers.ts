/**
 * What an operation came to, read from the slot that came back. For an operation that took effect the slot
 * says so itself (`ops`); for one that was refused, these functions name the reason. They decide by the same
 * rules as the pipelines, on the database's time; a property test holds the two together.
 */
import type { SendRules } from './pipelines/resend.pipeline';
import { FINAL_FAILURE, MAX_DELIVERIES, MAX_UNDRAINED_EVENTS } from './pipelines/expressions';
import type { VerificationStatus } from './slot';
import type { SlotState } from './slot.store';
import type { WhenPending } from './policy';
import type { mongo } from 'mongoose';

type EndedStatus = Exclude<VerificationStatus, 'pending'>;

/** `allowed`: nothing forbids it now, so it lost a race and may be run again. */
export type Refusal =
  | { kind: 'allowed' }
  | { kind: 'not_found' }
  | { kind: 'ended'; status: EndedStatus }
  | { kind: 'pending'; verificationId: string }
  | { kind: 'locked'; until: Date | null }
  | { kind: 'too_soon'; until: Date }
  | { kind: 'send_limit'; until: Date; verificationId: string | null }
  | { kind: 'joined_quietly' }
  | { kind: 'unknown_key' }
  | { kind: 'backlogged' };

/** The status at `now`: pending at or after its expiry reads `expired`, whether a job has run or not. */
export function statusAt(
  record: { status: VerificationStatus; expiresAt: Date },
  now: Date,
): VerificationStatus {
  return record.status === 'pending' && now >= record.expiresAt ? 'expired' : record.status;
}

export function lockAt(
  slot: Pick<SlotState, 'failures' | 'lockedUntil'>,
  now: Date,
): { until: Date | null } | null {
  if (slot.failures >= FINAL_FAILURE) return { until: null };
  return slot.lockedUntil && slot.lockedUntil > now ? { until: slot.lockedUntil } : null;
}

/** When the next send is possible by cool-down and window: at or before `now` means at once. */
export function nextSendAt(
  sends: readonly Date[],
  rules: SendRules,
  now: Date,
): { used: number; cooling: Date | null; full: Date | null } {
  const inWindow = sends.filter((at) => at.getTime() > now.getTime() - rules.windowMs);
  const times = inWindow.map((at) => at.getTime()).sort((a, b) => a - b);
  const last = times.at(-1);
  const coolUntil = last === undefined ? null : new Date(last + rules.cooldownMs);
  // The window opens when enough of the oldest have left it for one more to fit.
  const leaves = times[times.length - rules.sendsMax];
  return {
    used: times.length,
    cooling: coolUntil && coolUntil > now ? coolUntil : null,
    full: times.length >= rules.sendsMax && leaves !== undefined ? new Date(leaves + rules.windowMs) : null,
  };
}

export interface CreateQuestion extends SendRules {
  whenPending: WhenPending;
  transactionDigest: mongo.Binary | null;
}

function sameDigest(a: mongo.Binary | null, b: mongo.Binary | null): boolean {
  return a === null || b === null ? a === b : a.toString('base64') === b.toString('base64');
}

/** Would this create join the pending verification? */
function joins(slot: SlotState, ask: CreateQuestion, now: Date): boolean {
  const { current } = slot;
  const life = current.expiresAt.getTime() - now.getTime();
  return (
    statusAt(current, now) === 'pending' &&
    ask.whenPending === 'resend' &&
    sameDigest(current.transactionDigest, ask.transactionDigest) &&
    life >= Math.min(60_000, current.policy.ttlMs / 5)
  );
}

export function whyNoCreate(slot: SlotState, ask: CreateQuestion, now: Date): Refusal {
  const { current } = slot;
  const live = statusAt(current, now) === 'pending';
  if (live && ask.whenPending === 'reject') return { kind: 'pending', verificationId: current.id };
  const lock = lockAt(slot, now);
  if (lock) return { kind: 'locked', until: lock.until };
  const joining = joins(slot, ask, now);
  const refused = whyNoSend(slot, ask, now, live ? current.id : null, joining);
  if (refused.kind === 'too_soon' && joining) return { kind: 'joined_quietly' };
  return refused;
}

function whyNoSend(slot: SlotState, rules: SendRules, now: Date, id: string | null, adds: boolean): Refusal {
  const next = nextSendAt(slot.sends, rules, now);
  if (next.cooling) return { kind: 'too_soon', until: next.cooling };
  if (next.full) return { kind: 'send_limit', until: next.full, verificationId: id };
  if (adds && slot.current.deliveries.length >= MAX_DELIVERIES) {
    return { kind: 'send_limit', until: slot.current.expiresAt, verificationId: id };
  }
  return slot.undrained >= MAX_UNDRAINED_EVENTS ? { kind: 'backlogged' } : { kind: 'allowed' };
}

/** The end state of a verification that is not, or no longer, the live one; null while it is live. */
function whyNotLive(slot: SlotState, verificationId: string, now: Date): Refusal | null {
  if (slot.current.id === verificationId) {
    const status = statusAt(slot.current, now);
    return status === 'pending' ? null : { kind: 'ended', status };
  }
  const past = slot.past.find((one) => one.id === verificationId);
  return past ? { kind: 'ended', status: past.status as EndedStatus } : { kind: 'not_found' };
}

export function whyNoCheck(
  slot: SlotState,
  verificationId: string,
  kids: readonly string[],
  now: Date,
): Refusal {
  const ended = whyNotLive(slot, verificationId, now);
  if (ended) return ended;
  const lock = lockAt(slot, now);
  if (lock) return { kind: 'locked', until: lock.until };
  return kids.includes(slot.current.kid) ? { kind: 'allowed' } : { kind: 'unknown_key' };
}

export function whyNoResend(slot: SlotState, verificationId: string, rules: SendRules, now: Date): Refusal {
  const ended = whyNotLive(slot, verificationId, now);
  if (ended) return ended;
  const lock = lockAt(slot, now);
  if (lock) return { kind: 'locked', until: lock.until };
  return whyNoSend(slot, rules, now, verificationId, true);
}

export function whyNoCancel(slot: SlotState, verificationId: string, now: Date): Refusal {
  return whyNotLive(slot, verificationId, now) ?? { kind: 'allowed' };
}
