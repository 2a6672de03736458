/** Unlock: forgives the recipient's failures. The send window stays: it protects the bill, not the code. */
import type { ClientCommand, Decision } from './decision';
import { effect, eventOf, operationOf, remembered } from './effect';
import type { Slot } from '../slot';

export interface UnlockCommand extends ClientCommand {
  /** Of the slot, by the recipient. */
  readonly key: string;
}

/** `nothing`: there were no failures to forgive. */
export type UnlockOutcome = { readonly kind: 'unlocked' | 'nothing' };

export function unlock(slot: Slot | null, command: UnlockCommand, now: Date): Decision<UnlockOutcome> {
  if (slot?.key !== command.key) return { outcome: { kind: 'nothing' } };
  if (remembered(slot, command.op)) return { outcome: { kind: 'unlocked' } };
  if (slot.failures === 0) return { outcome: { kind: 'nothing' } };
  const { lockedUntil: _, ...unlocked } = slot;
  const { current, failures } = slot;
  const next = effect(
    unlocked,
    { current: { ...current, seq: current.seq + 1 }, failures: 0 },
    {
      now,
      operation: operationOf(command, 'unlocked'),
      events: [eventOf(current, { type: 'unlocked', at: now, actor: command.actor, data: { failures } })],
    },
  );
  return { outcome: { kind: 'unlocked' }, next };
}
