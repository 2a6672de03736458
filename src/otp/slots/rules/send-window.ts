/** When a code may be sent to a recipient: cool-down and window. */
import type { Refusal } from './decision';
import { isBacklogged, MAX_DELIVERIES } from './effect';
import type { SendRules, Slot } from '../slot';

export interface SendWindow {
  /** Sends that count at `now`. */
  readonly inWindow: readonly Date[];
  /** The cool-down lasts until then; null: it is over. */
  readonly coolingUntil: Date | null;
  /** There is no room until then; null: there is. */
  readonly fullUntil: Date | null;
}

export function sendWindow(sends: readonly Date[], rules: SendRules, now: Date): SendWindow {
  const start = now.getTime() - rules.windowMs;
  const inWindow = sends.filter((at) => at.getTime() > start);
  const times = inWindow.map((at) => at.getTime()).sort((a, b) => a - b);
  const coolingUntil = new Date((times.at(-1) ?? -Infinity) + rules.cooldownMs);
  // The window opens when enough of the oldest have left it for one more to fit.
  const leaves = times[times.length - rules.sendsMax];
  return {
    inWindow,
    coolingUntil: coolingUntil > now ? coolingUntil : null,
    fullUntil: leaves === undefined ? null : new Date(leaves + rules.windowMs),
  };
}

/** A message that is about to go out. */
interface Sending {
  readonly window: SendWindow;
  /** The pending verification of the slot, if there is one. */
  readonly pendingId: string | null;
  /** The verification that the message would belong to; null: it would start a new one. */
  readonly joined: Slot['current'] | null;
}

/** Why no message may go out now; null: one may. */
export function whyNoSend(slot: Slot, { window, pendingId, joined }: Sending, now: Date): SendRefusal | null {
  if (window.coolingUntil) return { kind: 'too_soon', until: window.coolingUntil };
  if (window.fullUntil) return { kind: 'send_limit', until: window.fullUntil, verificationId: pendingId };
  if (joined && joined.deliveries.length >= MAX_DELIVERIES)
    return { kind: 'send_limit', until: joined.expiresAt, verificationId: pendingId };
  return isBacklogged(slot, now) ? { kind: 'backlogged' } : null;
}

type SendRefusal = Extract<Refusal, { kind: 'too_soon' | 'send_limit' | 'backlogged' }>;
