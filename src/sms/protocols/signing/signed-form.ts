import { createHash } from 'node:crypto';
import type { ReceiptRequest } from '../../receipt';
import { jsonObject } from '../../../common/json-object';
import { idText } from '../gateway-answer';
import { hmac, sameSecret } from './signature';

type Field = (name: string) => string | undefined;

/**
 * What a request holds whose `X-Twilio-Signature` is right: HMAC-SHA1, under the auth token, over the address and the
 * form in it; null when Twilio did not sign it.
 */
export function signedFields({ url, query, headers, body }: ReceiptRequest, authToken: string): Field | null {
  const digest = query.get('bodySHA256');
  const form = new URLSearchParams(digest === null ? body.toString('utf8') : '');
  const expected = addressesOf(url).map((address) => hmac('sha1', authToken, [address, signedForm(form)]));
  if (!expected.some((one) => sameSecret(headers['x-twilio-signature'], one))) return null;
  if (digest === null) return (name) => form.get(name) ?? undefined;
  // JSON is signed by its digest in the address.
  if (!sameSecret(digest, createHash('sha256').update(body).digest('hex'))) return null;
  const answer = jsonObject(body.toString('utf8'));
  return (name) => idText(answer?.[name]);
}

/** Twilio signs the address sometimes with its port and sometimes without, whatever was configured. */
function addressesOf(address: string): string[] {
  const { protocol, hostname, port, pathname, search } = new URL(address);
  const ports = ['', `:${port || (protocol === 'https:' ? '443' : '80')}`];
  return ports.map((one) => `${protocol}//${hostname}${one}${pathname}${search}`);
}

/** Names and values one after the other, sorted; what comes twice counts once. */
function signedForm(form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort();
  return names
    .flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value))
    .join('');
}
