import type { Money } from '../../common/money';
import type { Amount } from './caps';

/** What is known of the cost of one gateway call before it is made. */
export interface CallCost {
  /** Segments of a text; 1 on every other channel. */
  readonly parts: number;
  /** What the price book says of one part, whatever the source. */
  readonly prices: readonly Money[];
}

/**
 * What one call is charged, in millionths of the currency of the budgets: its parts by the highest price that is
 * known, so that a report is seldom dearer. A price in another currency is no price here, and neither is zero: then
 * it is the assumed one. Never zero.
 */
export function estimateOf({ parts, prices }: CallCost, assumed: Amount): number {
  const known = prices.filter(({ currency, micros }) => currency === assumed.currency && micros > 0);
  const each = known.length > 0 ? Math.max(...known.map(({ micros }) => micros)) : assumed.amountMicros;
  return Math.max(1, parts) * each;
}
