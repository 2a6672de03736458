/** What a verification cost, and through which gateway calls. */
import type { CostAnswer, MoneyAnswer } from '../../../common/money.dto';
import { toMoneyAnswer } from '../../../common/money.dto';
import type { Money } from '../../../common/money';
import type { AttemptRecord, DeliveryRecord } from '../../slots/slot';
import type { VerificationAnswer } from '../verifications.dto';

type Attempts = Pick<DeliveryRecord, 'attempts'>;
type AttemptAnswer = VerificationAnswer['deliveries'][number]['attempts'][number];

/** Summed over all gateway calls: also those of a duplicate are paid. */
export function costView(deliveries: readonly Attempts[]): CostAnswer {
  const attempts = deliveries.flatMap((delivery) => delivery.attempts);
  return {
    estimated: sums(attempts.map(({ estimate }) => estimate)),
    reported: sums(attempts.map(({ price }) => price)),
  };
}

export function attemptView(attempt: AttemptRecord): AttemptAnswer {
  const { provider, outcome, reason, latencyMs, reference, parts, estimate, price } = attempt;
  const money = { estimate: shown(estimate), price: shown(price) };
  return { provider, outcome, reason, latencyMs, reference, parts, ...money };
}

/** Of the text that a gateway took; null while none did. */
export function partsOf({ attempts }: Attempts): number | null {
  return attempts.findLast(({ outcome }) => outcome === 'accepted')?.parts ?? null;
}

function shown(money: Money | null): MoneyAnswer | null {
  return money ? toMoneyAnswer(money) : null;
}

function sums(amounts: readonly (Money | null)[]): CostAnswer['estimated'] {
  const byCurrency = new Map<string, number>();
  for (const money of amounts) {
    if (money) byCurrency.set(money.currency, (byCurrency.get(money.currency) ?? 0) + money.micros);
  }
  const sorted = [...byCurrency].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([currency, micros]) => toMoneyAnswer({ micros, currency }));
}
