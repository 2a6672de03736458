import type { DeliveryRules } from './delivery-rules';
import type { SkipReason, SmsAttempt, SmsDelivery, SmsOutcome } from '../gateway';
import { isPermanent } from '../permanent-reasons';
import type { Attempted } from './monitored-gateway';

/**
 * Whether an outcome ends the delivery instead of leading to the next gateway.
 * - a permanent reason: see `permanent-reasons.ts`.
 * - `unknown`: the text may be on its way, and whether to risk a second one is the application's choice.
 */
export function endsDelivery(outcome: SmsOutcome, onUnknown: DeliveryRules['onUnknown']): boolean {
  if (outcome.outcome === 'accepted') return true;
  if (outcome.outcome === 'unknown') return onUnknown === 'wait';
  return isPermanent(outcome.reason);
}

/**
 * The result of a delivery. An acceptance decides; without one, a gateway that may have taken the text: it can
 * still arrive, so nobody may be told for certain that it will not. Else the last refusal.
 * @param tried in order; at least one
 * @param attempts the same, with the gateways that were skipped
 */
export function deliveryOf(tried: readonly Attempted[], attempts: readonly SmsAttempt[]): SmsDelivery {
  const decisive = lastWith(tried, 'accepted') ?? lastWith(tried, 'unknown') ?? tried.at(-1);
  if (!decisive) return noTime;
  const { attempt, outcome } = decisive;
  return {
    outcome: outcome.outcome,
    provider: attempt.provider,
    reference: attempt.reference,
    errorCode: attempt.reason,
    vendorCode: attempt.vendorCode,
    attempts,
    receiptReferences: (outcome.outcome === 'accepted' ? outcome.receiptReferences : undefined) ?? [],
  };
}

function lastWith(tried: readonly Attempted[], outcome: SmsOutcome['outcome']): Attempted | undefined {
  return tried.findLast((one) => one.outcome.outcome === outcome);
}

/** No gateway is routed for the destination: nothing was sent for certain. */
export const noRoute: SmsDelivery = {
  outcome: 'rejected',
  provider: null,
  reference: null,
  errorCode: 'no-route',
  vendorCode: null,
  attempts: [],
  receiptReferences: [],
};

/** There was no time for even one attempt: somebody else may make it. */
export const noTime: SmsDelivery = { ...noRoute, outcome: 'unknown', errorCode: 'timeout' };

/** No call may be paid for: nothing was sent for certain. */
export function unpaid(attempts: readonly SmsAttempt[]): SmsDelivery {
  return { ...noRoute, errorCode: 'budget', attempts };
}

/** @param latencyMs how long its turn was waited for */
export function skipped(provider: string, reason: SkipReason, latencyMs = 0): SmsAttempt {
  const nothing = { vendorCode: null, reference: null, parts: 0, estimate: null, price: null };
  return { provider, outcome: 'skipped', reason, latencyMs: Math.round(latencyMs), ...nothing };
}
