/**
 * A clock that was stepped back leaves times further ahead than their policy allows. Each counts as now + that
 * policy's length, so that no cool-down, lock or code outlasts its setting by more than that. A second of slack: two
 * readings of the database's clock may differ by a little, and nothing should be written for that.
 */
import type { Decision } from './decision';
import { lockMs, lockRulesOf } from './lock';
import type { Slot } from '../slot';

const SLACK_MS = 1_000;

/** Decides on the slot as it should be. What had to be put right is written, also when nothing else is. */
export function onHealed<Outcome>(
  slot: Slot,
  now: Date,
  decide: (healed: Slot) => Decision<Outcome>,
): Decision<Outcome> {
  const healed = heal(slot, now);
  const decision = decide(healed);
  return decision.next || healed === slot ? decision : { ...decision, next: healed };
}

/** The slot as it is when no time is further ahead than it may be; else a copy that is right again. */
export function heal(slot: Slot, now: Date): Slot {
  const ahead = (at: Date | undefined, lengthMs: number): boolean =>
    at !== undefined && at.getTime() > now.getTime() + lengthMs + SLACK_MS;
  const { current } = slot;
  const lockLength = lockMs(slot.failures, lockRulesOf(current.policy)) ?? 0;
  let healed = slot;
  if (slot.sends.some((at) => ahead(at, 0)))
    healed = { ...healed, sends: slot.sends.map((at) => (at > now ? now : at)) };
  if (ahead(slot.lockedUntil, lockLength))
    healed = { ...healed, lockedUntil: new Date(now.getTime() + lockLength) };
  if (current.status === 'pending' && ahead(current.expiresAt, current.policy.ttlMs))
    healed = {
      ...healed,
      current: { ...current, expiresAt: new Date(now.getTime() + current.policy.ttlMs) },
    };
  return healed;
}
