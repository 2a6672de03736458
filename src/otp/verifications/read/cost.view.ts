/** What a verification cost, and through which gateway calls. */
import type { Money } from '../../../common/money';
import type { AttemptRecord, DeliveryRecord } from '../../slots/slot';

type Attempts = Pick<DeliveryRecord, 'attempts'>;

/** One sum per currency, in the order of their names; estimates and reports are never added to each other. */
export interface Cost {
  readonly estimated: readonly Money[];
  readonly reported: readonly Money[];
}

/** One gateway call, without what only the engine needs. */
export type AttemptView = Pick<
  AttemptRecord,
  | 'provider'
  | 'outcome'
  | 'reason'
  | 'vendorCode'
  | 'latencyMs'
  | 'reference'
  | 'parts'
  | 'estimate'
  | 'price'
>;

/** Summed over all gateway calls: also those of a duplicate are paid. */
export function costView(deliveries: readonly Attempts[]): Cost {
  const attempts = deliveries.flatMap((delivery) => delivery.attempts);
  return {
    estimated: sums(attempts.map(({ estimate }) => estimate)),
    reported: sums(attempts.map(({ price }) => price)),
  };
}

export function attemptView(attempt: AttemptRecord): AttemptView {
  const { provider, outcome, reason, vendorCode, latencyMs, reference, parts, estimate, price } = attempt;
  return { provider, outcome, reason, vendorCode, latencyMs, reference, parts, estimate, price };
}

/** Of the text that a gateway took; null while none did. */
export function partsOf({ attempts }: Attempts): number | null {
  return attempts.findLast(({ outcome }) => outcome === 'accepted')?.parts ?? null;
}

function sums(amounts: readonly (Money | null)[]): Money[] {
  const byCurrency = new Map<string, number>();
  for (const money of amounts) {
    if (money) byCurrency.set(money.currency, (byCurrency.get(money.currency) ?? 0) + money.micros);
  }
  const sorted = [...byCurrency].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([currency, micros]) => ({ micros, currency }));
}
