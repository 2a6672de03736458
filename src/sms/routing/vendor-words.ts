/** Words of vendors that are kept: none may hold what is a person's, or a secret. */
import type { SmsMessage } from '../gateway';

const REFERENCE = /^[\x21-\x7e]{1,128}$/;
/** A word or a number, as error codes are; a sentence is none. The longest that are known are AWS' reasons (59). */
const CODE = /^[A-Za-z0-9._-]{1,64}$/;
/** No vendor's code is as long, and most numbers of people are longer. */
const MANY_DIGITS = /\d{8}/;

type Person = Pick<SmsMessage, 'to' | 'code'>;

/** A gateway's reference may be an echo of what it was sent; then it is not kept. */
export function safeReference(reference: string | undefined, message: Person): string | null {
  if (reference === undefined || !REFERENCE.test(reference)) return null;
  return isEcho(reference, message) ? null : reference;
}

/** The vendor's own code for a refusal; null when there is none, or when it could be anything else. */
export function safeVendorCode(code: string | undefined, message: Person): string | null {
  if (code === undefined || !CODE.test(code) || MANY_DIGITS.test(code)) return null;
  return isEcho(code, message) ? null : code;
}

const isEcho = (word: string, { to, code }: Person): boolean =>
  word.includes(to.slice(1)) || word.includes(code);
