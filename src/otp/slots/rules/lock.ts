/** The lock after too many wrong checks in a row (NIST SP 800-63B-4 §3.2.2: ever growing delays, 100 at most). */
import type { Slot } from '../slot';

const FIRST_DELAYED_FAILURE = 10;
export const FINAL_FAILURE = 100;
const FIRST_LOCK_SECONDS = 30;
const LONGEST_LOCK_SECONDS = 3_600;

/** Length of the lock after consecutive failure n, in ms: 0 below 10, null (until unlocked) from 100. */
export function lockMs(failures: number): number | null {
  if (failures < FIRST_DELAYED_FAILURE) return 0;
  if (failures >= FINAL_FAILURE) return null;
  const seconds = FIRST_LOCK_SECONDS * 2 ** (failures - FIRST_DELAYED_FAILURE);
  return 1000 * Math.min(LONGEST_LOCK_SECONDS, seconds);
}

/** Whether failure n begins a lock. */
export const isLockingFailure = (failures: number): boolean => failures >= FIRST_DELAYED_FAILURE;

/** The lock in force at `now`; `until` is null when only an unlock ends it. */
export function lockAt(
  { failures, lockedUntil }: Pick<Slot, 'failures' | 'lockedUntil'>,
  now: Date,
): { readonly until: Date | null } | null {
  if (failures >= FINAL_FAILURE) return { until: null };
  return lockedUntil && lockedUntil > now ? { until: lockedUntil } : null;
}
