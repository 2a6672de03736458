/** Plivo's signatures: HMAC-SHA256 under the auth token, V2 of texts and V3 of calls. */
import type { ReceiptRequest } from '../../receipt';
import { hmac, sameSecret } from './signature';

/** Address without query, then the nonce. */
export function isSignedV2({ url, headers }: ReceiptRequest, authToken: string): boolean {
  const nonce = headers['x-plivo-signature-v2-nonce'];
  if (!nonce) return false;
  return matches(headers['x-plivo-signature-v2'], authToken, baseOf(url) + nonce);
}

/** Address with its query sorted, then the form sorted, then the nonce. */
export function isSignedV3(
  { url, query, headers }: ReceiptRequest,
  form: URLSearchParams,
  authToken: string,
): boolean {
  const nonce = headers['x-plivo-signature-v3-nonce'];
  if (!nonce) return false;
  const [asked, posted] = [sorted(query, '=').join('&'), sorted(form, '').join('')];
  const rest = (asked || posted ? `?${asked}` : '') + (asked && posted ? '.' : '') + posted;
  return matches(headers['x-plivo-signature-v3'], authToken, `${baseOf(url)}${rest}.${nonce}`);
}

/** Several signatures, one per auth token, while a token is replaced. */
function matches(given: string | undefined, authToken: string, text: string): boolean {
  const expected = hmac('sha256', authToken, [text]);
  return (given ?? '').split(',').some((one) => sameSecret(one.trim(), expected));
}

/** Protocol, name, port unless it is the usual one, and path. */
function baseOf(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}

function sorted(fields: URLSearchParams, between: string): string[] {
  const names = [...new Set(fields.keys())].sort();
  return names.flatMap((name) =>
    fields
      .getAll(name)
      .sort()
      .map((value) => name + between + value),
  );
}
