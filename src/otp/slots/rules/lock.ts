/**
 * The lock after too many wrong checks in a row (NIST SP 800-63B-4 §3.2.2: ever growing delays, 100 at most). Where it
 * begins, and with how long, is said by the policy that the verification was started with.
 */
import { defaultPolicy, type LockRules } from '../../policy/policy';
import type { FrozenPolicy, Slot } from '../slot';

const FINAL_FAILURE = 100;
/** The last failures before the final lock are left to known devices: others cannot lock their owner out for good. */
const LEFT_TO_KNOWN_DEVICES = 10;
const LONGEST_LOCK_SECONDS = 3_600;

/** A verification keeps its rules of the lock only where they are not the usual ones. */
export const lockRulesOf = ({ lock = defaultPolicy.lock }: Pick<FrozenPolicy, 'lock'>): LockRules => lock;

/** Length of the lock after consecutive failure n, in ms: 0 before the first, null (until unlocked) from 100. */
export function lockMs(failures: number, rules: LockRules): number | null {
  if (failures >= FINAL_FAILURE) return null;
  if (!isLockingFailure(failures, rules)) return 0;
  const seconds = rules.seconds * 2 ** (failures - rules.afterFailures);
  return 1000 * Math.min(LONGEST_LOCK_SECONDS, seconds);
}

/** Whether failure n begins a lock. */
export const isLockingFailure = (failures: number, { afterFailures }: LockRules): boolean =>
  failures >= afterFailures;

/** Consecutive failures of one recipient that are worth an alert: the first usual lock, half way, and the last stretch. */
const ALERTS: readonly number[] = [10, 50, 90];

/** Failures come one by one, so each alert is told once, until a success or an unlock clears them. */
export const isAlert = (failures: number): boolean => ALERTS.includes(failures);

type Locked = Pick<Slot, 'failures' | 'lockedUntil' | 'devices'>;

/** From whose device a call comes, and by which rules it is judged. */
interface Caller {
  /** Absent: it does not, or nobody said. */
  readonly isKnownDevice?: boolean | undefined;
  readonly rules: LockRules;
}

/**
 * The lock in force at `now`; `until` is null when only an unlock ends it. Growing delays are there to slow down
 * strangers, so a known device is exempt from them, unless the rules hold everybody. The hundred failures are
 * everybody's.
 */
export function lockAt(
  slot: Locked,
  now: Date,
  { isKnownDevice = false, rules }: Caller,
): { readonly until: Date | null } | null {
  if (slot.failures >= (isKnownDevice ? FINAL_FAILURE : finalForStrangers(slot))) return { until: null };
  if (isKnownDevice && rules.knownDevices === 'exempt') return null;
  const { lockedUntil } = slot;
  return lockedUntil && lockedUntil > now ? { until: lockedUntil } : null;
}

/** Somebody must unlock it: the slot may not be forgotten. */
export const isLockedForGood = (slot: Locked): boolean => slot.failures >= finalForStrangers(slot);

function finalForStrangers({ devices = [] }: Locked): number {
  return devices.length > 0 ? FINAL_FAILURE - LEFT_TO_KNOWN_DEVICES : FINAL_FAILURE;
}
