/** What becomes of the money that gateway calls were charged, once it is known what they cost. */
import type { Settlement } from '../../../../limits/money/payment';
import type { AttemptRecord, DeliveryRecord } from '../../slot';
import { WHOLE } from './attempt';

type Charged = AttemptRecord & Required<Pick<AttemptRecord, 'charge'>>;

/** To be settled by whoever wrote the delivery: a write that somebody else has made gives none. */
export interface Settled {
  readonly settlements?: readonly Settlement[];
}

/**
 * The calls whose cost differs between the two, so that each price counts once. Charged calls keep their order, and
 * new ones come last.
 */
export function settled(before: DeliveryRecord, after: DeliveryRecord): Settled {
  const known = before.attempts.filter(isCharged);
  const settlements = after.attempts.filter(isCharged).flatMap((attempt, index) => {
    const written = known[index];
    const was = written ? costOf(written) : attempt.charge.micros;
    const costMicros = costOf(attempt);
    return was === costMicros ? [] : [{ charge: { ...attempt.charge, micros: was }, costMicros }];
  });
  return settlements.length > 0 ? { settlements } : {};
}

const isCharged = (attempt: AttemptRecord): attempt is Charged => attempt.charge !== undefined;

/**
 * As reported, else as charged. A price in another currency says nothing: rates of exchange are not invented. While
 * only some parts have a price, what the others will cost is not there to be spent.
 */
function costOf({ charge, price, pricedParts = [WHOLE], parts }: Charged): number {
  if (price?.currency !== charge.currency) return charge.micros;
  const isWhole = pricedParts.includes(WHOLE) || pricedParts.length >= parts;
  return Math.max(isWhole ? 0 : charge.micros, price.micros);
}
