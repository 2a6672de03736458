/** What one receipt makes of one gateway call of a delivery (attempt). */
import type { Money } from '../../../../common/money';
import type { AttemptRecord, DeliveryState } from '../../slot';

/** One receipt, reduced to what the slot keeps. */
export interface ReceiptFact {
  readonly state: 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'unknown';
  /** Why it is undelivered. */
  readonly reason: string | null;
  readonly reference: string | null;
  /** Null: about the whole message. */
  readonly part: string | null;
  /** Of the whole message, when told. */
  readonly parts: number | null;
  readonly price: Money | null;
}

type Heard = AttemptRecord['receipt'];
/** A text arrived, or never will. */
export type FinalState = 'delivered' | 'undelivered';

/** SMS has no more parts; keeps the document small whatever a vendor makes up. */
const MAX_PARTS = 255;
/** In `pricedParts`: the price is that of the whole message. */
export const WHOLE = '*';

export function isFinal(state: DeliveryState | undefined): state is FinalState {
  return state === 'delivered' || state === 'undelivered';
}

/**
 * The attempt after the fact. Its first final state stays. Nothing is added that says nothing: a repeat gives the same
 * object.
 */
export function heard(attempt: AttemptRecord, fact: ReceiptFact): AttemptRecord {
  const parts = fact.parts ?? attempt.parts;
  const arrived = arrivedParts(attempt, fact);
  const receipt = stateHeard(attempt, fact, { arrived: arrived.length, parts });
  const isNewFailure = receipt === 'undelivered' && !isFinal(attempt.receipt);
  const after: AttemptRecord = {
    ...attempt,
    parts,
    ...(arrived.length > 0 ? { deliveredParts: arrived } : {}),
    ...(receipt ? { receipt } : {}),
    ...(isNewFailure ? { reason: fact.reason } : {}),
    ...priceHeard(attempt, fact),
  };
  return isSame(attempt, after) ? attempt : after;
}

/** A part that is known already leaves its list as it is, so comparing by identity is enough. */
function isSame(before: AttemptRecord, after: AttemptRecord): boolean {
  return (Object.keys(after) as (keyof AttemptRecord)[]).every((key) => after[key] === before[key]);
}

/** Parts that have arrived, with the one that the fact is about. */
function arrivedParts(attempt: AttemptRecord, { state, part }: ReceiptFact): readonly string[] {
  const known = attempt.deliveredParts ?? [];
  const isNew = state === 'delivered' && part !== null && !known.includes(part) && known.length < MAX_PARTS;
  return isNew ? [...known, part] : known;
}

/** What is known of the attempt after the fact; undefined when still nothing is. */
function stateHeard(
  { receipt }: AttemptRecord,
  { state, part }: ReceiptFact,
  { arrived, parts }: { readonly arrived: number; readonly parts: number },
): Heard {
  const isWhole = state === 'delivered' && part === null;
  const isComplete = parts > 0 && arrived >= parts;
  if (isFinal(receipt)) return receipt;
  if (state === 'undelivered') return state;
  if (isWhole || isComplete) return 'delivered';
  if (state === 'unknown') return receipt;
  return state === 'accepted' ? (receipt ?? state) : 'sent';
}

/**
 * Each part's price counts once. The first one takes the place of what was said at acceptance; one for the whole
 * message takes the place of all.
 */
function priceHeard(attempt: AttemptRecord, { price, part }: ReceiptFact): Partial<AttemptRecord> {
  const known = attempt.pricedParts ?? [];
  const of = part ?? WHOLE;
  if (!price || known.length >= MAX_PARTS || [WHOLE, of].some((one) => known.includes(one))) return {};
  if (of === WHOLE || known.length === 0) return { price, pricedParts: [of] };
  if (attempt.price?.currency !== price.currency) return {};
  return { price: { ...price, micros: attempt.price.micros + price.micros }, pricedParts: [...known, of] };
}

/** Whether the gateway was called at all; receipts can be about nothing else. */
export function isCall({ outcome }: Pick<AttemptRecord, 'outcome'>): boolean {
  return outcome !== 'skipped';
}

/** An attempt that nothing is known of but that receipts come. `parts` 0: not told. */
export function earlyAttempt(gateway: string): AttemptRecord {
  return {
    provider: gateway,
    outcome: 'unknown',
    reason: null,
    vendorCode: null,
    latencyMs: 0,
    reference: null,
    parts: 0,
    estimate: null,
    price: null,
    early: true,
  };
}

/** An attempt that the gateways' answers bring, with what receipts said of it before. */
export function withEarly(attempt: AttemptRecord, early: AttemptRecord): AttemptRecord {
  const { receipt, deliveredParts, pricedParts, parts, price, reason } = early;
  const joined: AttemptRecord = {
    ...attempt,
    ...(receipt ? { receipt } : {}),
    ...(deliveredParts ? { deliveredParts } : {}),
    ...(pricedParts ? { pricedParts } : {}),
    ...(parts > 0 ? { parts } : {}),
    ...(price ? { price } : {}),
    ...(receipt === 'undelivered' ? { reason } : {}),
  };
  // Only now it may be known how many parts there are, and that all of them have arrived.
  return heard(joined, saysNothing);
}

const saysNothing: ReceiptFact = {
  state: 'unknown',
  reason: null,
  reference: null,
  part: null,
  parts: null,
  price: null,
};
