/** Resend (`/sends`): the code of a live verification once more, because somebody asked. */
import type { ClientCommand, Decision, Refusal } from './decision';
import { effect, eventOf, operationOf, remembered } from './effect';
import { onHealed } from './heal';
import { whyNotLive } from './life';
import { lockAt, lockRulesOf } from './lock';
import { leasedDelivery, withDelivery, type LeaseTerms, type NewDelivery } from './new-delivery';
import { sendWindow, whyNoSend, type SendWindow } from './send-window';
import type { Slot } from '../slot';

export interface ResendCommand extends ClientCommand, LeaseTerms {
  readonly verificationId: string;
  readonly delivery: NewDelivery;
}

export type ResendOutcome = { readonly kind: 'resent' } | Refusal;

export function resend(slot: Slot | null, command: ResendCommand, now: Date): Decision<ResendOutcome> {
  if (slot?.applicationId !== command.applicationId) return { outcome: { kind: 'not_found' } };
  if (remembered(slot, command.op)) return { outcome: { kind: 'resent' } };
  return onHealed(slot, now, (healed): Decision<ResendOutcome> => {
    const window = sendWindow(healed.sends, healed.current.policy.sends, now);
    const refusal = whyNot(healed, window, command.verificationId, now);
    if (refusal) return { outcome: refusal };
    return { outcome: { kind: 'resent' }, next: resent(healed, window, command, now), relies: 'alive' };
  });
}

function whyNot(slot: Slot, window: SendWindow, verificationId: string, now: Date): Refusal | null {
  const ended = whyNotLive(slot, verificationId, now);
  if (ended) return ended;
  const { knownDevice: isKnownDevice, policy } = slot.current;
  const lock = lockAt(slot, now, { isKnownDevice, rules: lockRulesOf(policy) });
  if (lock) return { kind: 'locked', until: lock.until };
  return whyNoSend(slot, { window, pendingId: verificationId, joined: slot.current }, now);
}

/** What it means for the channels to follow is decided when their time comes. */
function resent(slot: Slot, { inWindow }: SendWindow, command: ResendCommand, now: Date): Slot {
  const { current } = slot;
  const { actor, delivery } = command;
  return effect(
    slot,
    {
      current: withDelivery(current, leasedDelivery(delivery, command, now)),
      sends: [...inWindow, now],
    },
    {
      now,
      operation: operationOf(command, 'resent'),
      events: [eventOf(current, { type: 'resent', at: now, actor })],
    },
  );
}
