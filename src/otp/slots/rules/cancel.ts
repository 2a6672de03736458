/** Cancel: the code is worth nothing from now on. Works while the recipient is locked. */
import type { ClientCommand, Decision, Refusal } from './decision';
import { effect, eventOf, operationOf, remembered } from './effect';
import { onHealed } from './heal';
import { ended, whyNotLive } from './life';
import type { Slot } from '../slot';

export interface CancelCommand extends ClientCommand {
  readonly verificationId: string;
}

export type CancelOutcome = { readonly kind: 'canceled' } | Refusal;

export function cancel(slot: Slot | null, command: CancelCommand, now: Date): Decision<CancelOutcome> {
  if (slot?.applicationId !== command.applicationId) return { outcome: { kind: 'not_found' } };
  if (remembered(slot, command.op)) return { outcome: { kind: 'canceled' } };
  return onHealed(slot, now, (healed): Decision<CancelOutcome> => {
    const refusal = whyNotLive(healed, command.verificationId, now);
    if (refusal) return { outcome: refusal };
    return { outcome: { kind: 'canceled' }, next: canceled(healed, command, now), relies: 'alive' };
  });
}

function canceled(slot: Slot, command: CancelCommand, now: Date): Slot {
  const { current } = slot;
  return effect(
    slot,
    { current: ended(current, 'canceled', now, current.seq + 1) },
    {
      now,
      operation: operationOf(command, 'canceled'),
      events: [eventOf(current, { type: 'canceled', at: now, actor: command.actor })],
    },
  );
}
