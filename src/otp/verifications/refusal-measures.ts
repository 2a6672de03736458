/** What the rule behind a refusal measured, for the audit log: its value, its limit, and when it ends. */
import type { Refusal } from '../slots/rules/decision';
import { lockRulesOf } from '../slots/rules/lock';
import { sendWindow } from '../slots/rules/send-window';
import type { Slot } from '../slots/slot';

export interface Measures {
  readonly value: number;
  readonly limit: number;
  /** ISO 8601; null: it does not end by itself. */
  readonly until: string | null;
}

/**
 * - `locked`: wrong codes in a row, and from how many on there is a lock.
 * - `send_limit`: messages in the window, and how many may be.
 * - `too_soon`: seconds since the last message, and how many have to be.
 *
 * @param now the database's time
 * @returns null for what measures nothing: a verification that is unknown, pending or has ended
 */
export function measuresOf(refusal: Refusal, slot: Slot | null, now: Date): Measures | null {
  if (!slot) return null;
  const { policy } = slot.current;
  switch (refusal.kind) {
    case 'locked':
      return measures(slot.failures, lockRulesOf(policy).afterFailures, refusal.until);
    case 'send_limit':
      return measures(
        sendWindow(slot.sends, policy.sends, now).inWindow.length,
        policy.sends.sendsMax,
        refusal.until,
      );
    case 'too_soon':
      return measures(secondsSince(slot.sends.at(-1), now), policy.sends.cooldownMs / 1000, refusal.until);
    default:
      return null;
  }
}

const measures = (value: number, limit: number, until: Date | null): Measures => ({
  value,
  limit,
  until: until?.toISOString() ?? null,
});

function secondsSince(sent: Date | undefined, now: Date): number {
  return sent ? Math.max(0, Math.floor((now.getTime() - sent.getTime()) / 1000)) : 0;
}
