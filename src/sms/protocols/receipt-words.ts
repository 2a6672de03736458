/**
 * What a receipt says in a word that the vendor's table does not have: SMSCs and vendors write `FAILED`, `BUFFRED` or
 * `NOT_DELIVERED` where their documents say something else. To drop it would mean that nothing follows.
 */
import type { ReceiptState, SmsReceipt, UndeliveredReason } from '../receipt';
import { asUndeliveredReason } from './vocabulary';
import type { FailureReason } from './vocabulary';

/** State and reason, and the word where it had to be guessed. */
export type Told = Pick<SmsReceipt, 'state' | 'reason' | 'unknownWord'>;

/** What a receipt says of a message, in the vendor's words and in those of its table. */
export interface Heard {
  /** The vendor's word for the state, as it came. */
  readonly word: unknown;
  /** What the vendor's table says of it. */
  readonly known: ReceiptState | undefined;
  /** Why it did not arrive, by the vendor's code; undefined without one, or one that is known. */
  readonly code?: FailureReason;
  /** Why it did not arrive, when no code says so. */
  readonly otherwise?: UndeliveredReason;
}

/**
 * By the vendor's table; else by a code that the vendor documents; else by the family of the word. Null where there is
 * no word at all: that is no receipt.
 */
export function toldBy({ word, known, code, otherwise = 'unknown' }: Heard): Told | null {
  const reason = code && asUndeliveredReason(code);
  if (known)
    return known === 'undelivered' ? { state: known, reason: reason ?? otherwise } : { state: known };
  const text = typeof word === 'number' ? String(word) : word;
  if (typeof text !== 'string' || text.trim() === '') return null;
  const unknownWord = cleaned(text);
  if (reason) return { state: 'undelivered', reason, unknownWord };
  return { ...familyOf(text), unknownWord };
}

/** The longest that is looked at; vendors' words have twenty letters. */
const LONGEST = 80;

/** Letters only: a word that is made up of what was sent must not bring number or code into the log. */
function cleaned(text: string): string {
  const word = text.slice(0, LONGEST).trim();
  return /^[a-z][a-z _.-]{0,39}$/i.test(word) ? word.toUpperCase() : '?';
}

/** Said of a message that is not at its end, whatever else is said. */
const AGAIN = /\b(re ?tr(y|ies|ied|ying)|temp\w*|defer\w*|soft|yet)\b/;
const DOUBT = /unknown|unconfirm|uncertain|unclear/;
const NEGATION = /\b(not|no|non|never|cannot|cant|couldnt|wasnt|isnt|unable|without|in?capable)\b/;
const DELIVER = /d(e?l)i?ve?r|dlvr/;
/** A form in which it has happened; `delivering` and `delivery` are none. */
const DELIVERED = /\b(deliver(e?d)?|delivrd|delivd|delvrd|dlvrd)\b/;
/** Handed on to somebody who is not the person. */
const HANDED_ON =
  /\b(to|by|at|in) (the )?(operator|carrier|network|smsc|gateway|upstream|provider|supplier)\b/;
const UNDER_WAY =
  /accept|buff(e?r)|queu|enroute|en route|pend|submit|schedul|sent|sending|dispatch|transit|delivering/;

const FAILURES: readonly (readonly [pattern: RegExp, reason: UndeliveredReason])[] = [
  [/expir/, 'expired'],
  [/reje?c/, 'unavailable'],
  [/fail|undel|undlv|nondel|cancel|delet|abort|block|barred|invalid|error/, 'unknown'],
];

/**
 * `delivered` and `undelivered` are final and have consequences, so they need a word that says so and none that speaks
 * against it. `undeliv…` holds `deliv…`, and so does `not delivered`.
 */
export function familyOf(text: string): Pick<Told, 'state' | 'reason'> {
  const words = spaced(text);
  if (DOUBT.test(words)) return { state: 'unknown' };
  const isNegated = NEGATION.test(words);
  const failure = FAILURES.find(([pattern]) => pattern.test(words));
  if (failure) {
    if (isNegated || AGAIN.test(words)) return { state: 'unknown' };
    return { state: 'undelivered', reason: failure[1] };
  }
  if (isNegated) return negated(words);
  if (HANDED_ON.test(words) || UNDER_WAY.test(words)) return { state: 'sent' };
  return { state: DELIVERED.test(words) && !AGAIN.test(words) ? 'delivered' : 'unknown' };
}

function negated(words: string): Pick<Told, 'state' | 'reason'> {
  if (AGAIN.test(words)) return { state: 'sent' };
  const isEnd = DELIVER.test(words) || words.includes('accept');
  return isEnd ? { state: 'undelivered', reason: 'unknown' } : { state: 'unknown' };
}

/** `NOT_DELIVERED`, `not-delivered` and `NotDelivered` as `not delivered`. */
function spaced(text: string): string {
  return text
    .slice(0, LONGEST)
    .replace(/['’]/g, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim();
}
