import type { ReceiptRequest } from '../../../sms/receipt';

/** As it came over the wire. */
export interface RawRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** @param url as the vendor called it @param now milliseconds since 1970 */
export function receiptRequest(
  url: string,
  { method, headers, body }: RawRequest,
  now: number,
): ReceiptRequest {
  const query = url.indexOf('?');
  const joined = Object.entries(headers).map(([name, value]) => [
    name,
    typeof value === 'object' ? value.join(', ') : value,
  ]);
  return {
    method: method === 'GET' ? 'GET' : 'POST',
    url,
    query: new URLSearchParams(query === -1 ? '' : url.slice(query + 1)),
    headers: Object.fromEntries(joined) as ReceiptRequest['headers'],
    body,
    now,
  };
}
