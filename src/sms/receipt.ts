/** What gateways tell after the fact, in one language. Vendors' words are translated by each gateway file. */
import type { Money } from '../common/money';

/**
 * Why a message did not arrive. `invalid-number`, `blocked` and `opted-out` hold for every gateway; the rest may be this
 * one's. `opted-out`: the person said STOP.
 */
export const undeliveredReasons = [
  'invalid-number',
  'blocked',
  'opted-out',
  'unreachable',
  'expired',
  'content',
  'no-credit',
  'unavailable',
  'unknown',
] as const;
export type UndeliveredReason = (typeof undeliveredReasons)[number];

/**
 * `accepted` and `sent` (handed to the operator) are on the way; `delivered` and `undelivered` are final; `unknown`
 * says nothing (no operator report) and is kept for what it tells of the price.
 */
export const receiptStates = ['accepted', 'sent', 'delivered', 'undelivered', 'unknown'] as const;
export type ReceiptState = (typeof receiptStates)[number];

/** One report about one message, or about one part of it. */
export interface SmsReceipt {
  /** Which message: what we sent as `SmsMessage.clientReference`. */
  readonly clientReference?: string;
  /** Which message: the vendor's id, as it answered to the send call. */
  readonly reference?: string;
  readonly state: ReceiptState;
  /** Only with `undelivered`. */
  readonly reason?: UndeliveredReason;
  /** The vendor's word, in capitals and without digits, where its table has it not: for the log. */
  readonly unknownWord?: string;
  /** The part that it is about, by any id that tells parts apart; absent: the whole message. */
  readonly part?: string;
  /** Parts of the whole message, when told. */
  readonly parts?: number;
  /** What the vendor billed for what this receipt is about. */
  readonly price?: Money;
}

/** One call to a receipt address, as it came. */
export interface ReceiptRequest {
  readonly method: 'GET' | 'POST';
  /** As the vendor called it, query included: PUBLIC_URL and the path, however proxies rewrote it. */
  readonly url: string;
  readonly query: URLSearchParams;
  /** Names in lower case; a header that came twice is joined by a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Byte for byte: signatures cover this and nothing parsed. */
  readonly body: Buffer;
  /** Milliseconds since 1970, for replay windows. */
  readonly now: number;
}

/**
 * - `receipts`: authentic; an empty list when it is about something else (a reply of a person).
 * - `forged`: signature missing, wrong or too old. - `malformed`: authentic, but not what the vendor documents.
 * - `retry`: ask the vendor to come again (answered 503). - `handshake`: the vendor asks whether the address is
 *   ours, or what it is to say on the phone; answered 200 with `body`, as text unless `contentType` says otherwise.
 */
export type ReceiptReading =
  | { readonly kind: 'receipts'; readonly receipts: readonly SmsReceipt[] }
  | { readonly kind: 'forged' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'handshake'; readonly body: string; readonly contentType?: 'application/xml' };

/** At most this many receipts per call are read; vendors batch up to 100. */
export const MAX_RECEIPTS = 1_000;
/** How far the clock in a signed receipt may be from ours, either way; Telnyx' and Stripe's five minutes. */
export const REPLAY_WINDOW_MS = 300_000;
