/** Check: one guess, at a verification by its id or at whatever is pending. Charged and compared in the same write. */
import { timingSafeEqual } from 'node:crypto';
import type { ClientCommand, Decision, Refusal } from './decision';
import { effect, eventOf, operationOf, remembered } from './effect';
import { onHealed } from './heal';
import { ended, isLive, whyNotLive } from './life';
import { isKnown, withDevice } from './known-devices';
import { isAlert, isLockingFailure, lockAt, lockMs, lockRulesOf } from './lock';
import type { Slot, SlotEvent, VerificationRecord } from '../slot';

interface Guess extends ClientCommand {
  /** What the stored MAC would be for this guess, under each key of the ring. */
  readonly candidates: readonly { readonly kid: string; readonly mac: Buffer }[];
  /** As {@link Slot.devices} has it; absent: the caller did not say. */
  readonly device?: string | undefined;
  /** Whoever asks for the outcome again does not know at which verification it was. */
  readonly at?: string | undefined;
}

export interface CheckCommand extends Omit<Guess, 'at'> {
  readonly verificationId: string;
}

export interface RecipientCheckCommand extends ClientCommand, Pick<Guess, 'device'> {
  /** As {@link Slot.key} has it: the name of the slot at its full length. */
  readonly key: string;
  /** A code is bound to its verification, and which one is pending is known in the slot only. */
  readonly candidatesAt: (verificationId: string) => Guess['candidates'];
}

/** `failed`: it was wrong, and the last one. */
type Evaluation = 'approved' | 'wrong' | 'failed';
export type CheckOutcome = { readonly kind: Evaluation } | Refusal;
export type RecipientCheckOutcome =
  | { readonly kind: Evaluation; readonly verificationId: string }
  | { readonly kind: 'nothing_pending' }
  | { readonly kind: 'unknown_key' }
  | Extract<Refusal, { kind: 'locked' }>;

export function check(slot: Slot | null, command: CheckCommand, now: Date): Decision<CheckOutcome> {
  if (slot?.applicationId !== command.applicationId) return { outcome: { kind: 'not_found' } };
  const done = remembered(slot, command.op);
  if (done) return { outcome: { kind: done.outcome as Evaluation } };
  return onHealed(slot, now, (healed): Decision<CheckOutcome> => {
    const refusal = whyNotLive(healed, command.verificationId, now) ?? lockOf(healed, command, now);
    return refusal ? { outcome: refusal } : evaluate(healed, command, now);
  });
}

/** A guess at whatever is pending for a recipient; with nothing pending, nothing is changed and nothing begun. */
export function checkRecipient(
  slot: Slot | null,
  command: RecipientCheckCommand,
  now: Date,
): Decision<RecipientCheckOutcome> {
  if (slot?.key !== command.key) return { outcome: { kind: 'nothing_pending' } };
  const done = remembered(slot, command.op);
  if (done)
    return { outcome: { kind: done.outcome as Evaluation, verificationId: done.verificationId ?? '' } };
  return onHealed(slot, now, (healed): Decision<RecipientCheckOutcome> => {
    if (!isLive(healed.current, now)) return { outcome: { kind: 'nothing_pending' } };
    const lock = lockOf(healed, command, now);
    if (lock) return { outcome: lock };
    const { id } = healed.current;
    const guess = { ...command, candidates: command.candidatesAt(id), at: id };
    const { outcome, ...decision } = evaluate(healed, guess, now);
    if (outcome.kind === 'unknown_key') return { ...decision, outcome: { kind: outcome.kind } };
    return { ...decision, outcome: { kind: outcome.kind, verificationId: id } };
  });
}

type Lock = Extract<Refusal, { kind: 'locked' }>;

function lockOf(slot: Slot, { device }: Pick<Guess, 'device'>, now: Date): Lock | null {
  const rules = lockRulesOf(slot.current.policy);
  const lock = lockAt(slot, now, { isKnownDevice: isKnown(slot, device), rules });
  return lock && { kind: 'locked', until: lock.until };
}

function evaluate(
  slot: Slot,
  command: Guess,
  now: Date,
): Decision<{ readonly kind: Evaluation | 'unknown_key' }> {
  const { kid, mac } = slot.current;
  const candidate = command.candidates.find((one) => one.kid === kid);
  // A code made with a key that this instance has not read yet is not wrong: charge nothing.
  if (!candidate || !mac) return { outcome: { kind: 'unknown_key' } };
  const isRight = candidate.mac.length === mac.length && timingSafeEqual(candidate.mac, mac);
  const { kind, next } = isRight ? approve(slot, command, now) : refuse(slot, command, now);
  return { outcome: { kind }, next, relies: 'alive' };
}

interface Evaluated {
  readonly kind: Evaluation;
  readonly next: Slot;
}

/** Success clears failures, lock, send window and cool-down. From now on the device is known. */
function approve(slot: Slot, command: Guess, now: Date): Evaluated {
  const { current } = slot;
  const { lockedUntil: _, ...unlocked } = slot;
  const checks = current.checksUsed + 1;
  const approved = { ...ended(current, 'approved', now, current.seq + 1), checksUsed: checks };
  const events = [
    eventOf(current, {
      type: 'approved',
      at: now,
      actor: command.actor,
      data: { checks, ...deviceIn(slot, command) },
    }),
  ];
  const operation = operationAt(command, 'approved');
  const devices = command.device === undefined ? {} : { devices: withDevice(slot.devices, command.device) };
  const changes = { current: approved, failures: 0, sends: [], ...devices };
  return { kind: 'approved', next: effect(unlocked, changes, { now, operation, events }) };
}

/** The N-th wrong guess ends the verification; the recipient's count lives on. */
function refuse(slot: Slot, command: Guess, now: Date): Evaluated {
  const { current } = slot;
  const { lockedUntil: _, ...rest } = slot;
  const checks = current.checksUsed + 1;
  const failures = slot.failures + 1;
  const isLast = checks >= current.policy.maxChecks;
  const events = eventsOfWrong(slot, { checks, failures, isLast }, command, now);
  const seq = current.seq + events.length;
  const charged: VerificationRecord = {
    ...(isLast ? ended(current, 'failed', now, seq) : current),
    checksUsed: checks,
    seq,
  };
  const kind = isLast ? 'failed' : 'wrong';
  const operation = operationAt(command, kind);
  const changes = { current: charged, failures, ...lockAfter(failures, current, now) };
  return { kind, next: effect(rest, changes, { now, operation, events }) };
}

function operationAt(command: Guess, outcome: Evaluation): ReturnType<typeof operationOf> {
  const operation = operationOf(command, outcome);
  return command.at === undefined ? operation : { ...operation, verificationId: command.at };
}

/** Null is the last lock, which only an unlock ends: the count says so. */
function lockAfter(
  failures: number,
  { policy }: VerificationRecord,
  now: Date,
): Pick<Slot, 'lockedUntil'> | object {
  const ms = lockMs(failures, lockRulesOf(policy));
  return ms ? { lockedUntil: new Date(now.getTime() + ms) } : {};
}

function eventsOfWrong(
  slot: Slot,
  { checks, failures, isLast }: { checks: number; failures: number; isLast: boolean },
  command: Guess,
  now: Date,
): SlotEvent[] {
  const told = [{ type: 'check_failed' as const, data: { checks, failures, ...deviceIn(slot, command) } }];
  const last = isLast ? [{ type: 'failed' as const, data: {} }] : [];
  const isLocking = isLockingFailure(failures, lockRulesOf(slot.current.policy));
  const locked = isLocking ? [{ type: 'locked' as const, data: { failures } }] : [];
  const alert = isAlert(failures) ? [{ type: 'recipient_attacked' as const, data: { failures } }] : [];
  return [...told, ...last, ...locked, ...alert].map((one, index) =>
    eventOf(slot.current, { ...one, at: now, actor: command.actor, offset: index + 1 }),
  );
}

/** For the audit log: whether the device was known, where the caller said which it is. */
function deviceIn(slot: Slot, { device }: Pick<Guess, 'device'>): { readonly device?: 'known' | 'new' } {
  if (device === undefined) return {};
  return { device: isKnown(slot, device) ? 'known' : 'new' };
}
