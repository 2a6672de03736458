import type { Attempted } from './gateway';
import type { SmsDelivery, SmsOutcome } from './sms-provider';

/**
 * Whether an outcome ends the delivery instead of leading to the next gateway.
 * - `invalid-number`: no other gateway reaches a number that does not exist.
 * - `blocked`: the person or the law refuses texts; another gateway would go round that.
 * - `unknown`: the text may be on its way. Whether to risk a second one is a policy that comes with the
 *   messages issue; here is its place.
 */
export function endsDelivery(outcome: SmsOutcome): boolean {
  if (outcome.outcome !== 'rejected') return true;
  return outcome.reason === 'invalid-number' || outcome.reason === 'blocked';
}

/** The result of a delivery whose last attempt decides. */
export function deliveryOf(tried: readonly Attempted[], last: Attempted): SmsDelivery {
  return {
    outcome: last.outcome.outcome,
    provider: last.attempt.provider,
    reference: last.attempt.reference,
    errorCode: last.attempt.reason,
    attempts: tried.map(({ attempt }) => attempt),
    receiptReferences: (last.outcome.outcome === 'accepted' && last.outcome.receiptReferences) || [],
  };
}

/** No gateway is routed for the destination: nothing was sent for certain. */
export const noRoute: SmsDelivery = {
  outcome: 'rejected',
  provider: null,
  reference: null,
  errorCode: 'no-route',
  attempts: [],
  receiptReferences: [],
};

/** There was no time for even one attempt: somebody else may make it. */
export const noTime: SmsDelivery = { ...noRoute, outcome: 'unknown', errorCode: 'timeout' };
