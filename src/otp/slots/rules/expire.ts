/**
 * Expire: everybody reads a pending verification at or after `expiresAt` as expired already. This makes it so in the
 * slot: the code goes, and the event is queued. Idempotent by the state itself: a verification expires once.
 */
import type { Actor } from '../../../access/principal';
import type { Decision } from './decision';
import { effect, eventOf } from './effect';
import { ended, isExpired } from './life';
import type { Slot } from '../slot';

export type ExpireOutcome = { readonly kind: 'expired' | 'nothing' };

export function expire(
  slot: Slot | null,
  { actor }: { readonly actor: Actor },
  now: Date,
): Decision<ExpireOutcome> {
  if (slot?.current.status !== 'pending' || !isExpired(slot.current, now))
    return { outcome: { kind: 'nothing' } };
  const { current } = slot;
  const at = current.expiresAt;
  const changes = { current: ended(current, 'expired', at, current.seq + 1) };
  const events = [eventOf(current, { type: 'expired', at, actor })];
  return { outcome: { kind: 'expired' }, next: effect(slot, changes, { now, events }), relies: 'lapsed' };
}
