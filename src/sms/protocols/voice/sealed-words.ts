/**
 * Words for vendors that ask what to say only when somebody answers the phone. They travel with the address that
 * the vendor is given, so that any of several instances can answer and nothing has to be kept: sealed, for that
 * address only, as long as the code in them lives. A code is never readable in an address or a log of addresses, and the gateway answers
 * only to its vendor's signature.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { open, seal } from '../../../keys/seal';
import type { ReceiptRequest } from '../../receipt';

const PARAMETER = 'say';

/** @param secret of the account; 128 bits or more, or the words could be guessed at leisure */
export function wordsKey(secret: string): KeyObject {
  return createSecretKey(createHmac('sha256', secret).update('sixdigit/v1/sealed-words').digest());
}

/** @param until milliseconds since 1970: from then on nobody hears them */
export function addressWithWords(address: string, words: string, key: KeyObject, until: number): string {
  const url = new URL(address);
  const sealed = seal(key, bindingOf(url), JSON.stringify([until, words]));
  url.searchParams.set(PARAMETER, sealed.toString('base64url'));
  return url.toString();
}

export function asksForWords({ query }: ReceiptRequest): boolean {
  return query.has(PARAMETER);
}

/** Null when they are not ours, belong to another address, or their time is over. */
export function wordsIn({ url, query, now }: ReceiptRequest, key: KeyObject): string | null {
  try {
    const sealed = Buffer.from(query.get(PARAMETER) ?? '', 'base64url');
    const [until, words] = JSON.parse(open(key, bindingOf(new URL(url)), sealed).toString('utf8')) as [
      number,
      string,
    ];
    return now < until ? words : null;
  } catch {
    return null;
  }
}

const bindingOf = ({ pathname }: URL) => ({ slotId: pathname, field: 'sealed-words', verificationId: '' });
