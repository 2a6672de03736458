/**
 * Time as this process sees it. Decisions about codes, locks and limits never use it: those use the
 * database's `$$NOW`. It serves leases (monotonic), logs and caches.
 */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that never run backwards; only differences mean anything. */
  monotonic(): number;
}

/** Injection token of the same name as the port. */
export const Clock = Symbol('Clock');

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
