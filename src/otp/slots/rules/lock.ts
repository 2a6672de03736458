/** The lock after too many wrong checks in a row (NIST SP 800-63B-4 §3.2.2: ever growing delays, 100 at most). */
import type { Slot } from '../slot';

const FIRST_DELAYED_FAILURE = 10;
const FINAL_FAILURE = 100;
/** The last failures before the final lock are left to known devices: others cannot lock their owner out for good. */
const LEFT_TO_KNOWN_DEVICES = 10;
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

type Locked = Pick<Slot, 'failures' | 'lockedUntil' | 'devices'>;

/**
 * The lock in force at `now`; `until` is null when only an unlock ends it. Growing delays are there to slow down
 * strangers, so a known device is exempt from them. The hundred failures are everybody's.
 */
export function lockAt(
  slot: Locked,
  now: Date,
  isKnownDevice = false,
): { readonly until: Date | null } | null {
  if (slot.failures >= (isKnownDevice ? FINAL_FAILURE : finalForStrangers(slot))) return { until: null };
  if (isKnownDevice) return null;
  const { lockedUntil } = slot;
  return lockedUntil && lockedUntil > now ? { until: lockedUntil } : null;
}

/** Somebody must unlock it: the slot may not be forgotten. */
export const isLockedForGood = (slot: Locked): boolean => slot.failures >= finalForStrangers(slot);

function finalForStrangers({ devices = [] }: Locked): number {
  return devices.length > 0 ? FINAL_FAILURE - LEFT_TO_KNOWN_DEVICES : FINAL_FAILURE;
}
