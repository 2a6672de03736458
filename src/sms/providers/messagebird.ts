import { createHash } from 'node:crypto';
import { jwtVerify } from 'jose';
import { z } from 'zod';
import type { HttpResponse } from '../../common/http/http-client';
import { CREDITS, parseMoney } from '../../common/money';
import type { Money } from '../../common/money';
import { askGateway } from '../wire/ask-gateway';
import { callGateway, idText, isObject, jsonObject, outcomeOfStatus } from '../wire/gateway-answer';
import { smsSize } from '../wire/gsm7';
import { lookUp } from '../wire/look-up';
import { sameSecret } from '../wire/signature';
import { defineSmsProvider } from '../sms-provider';
import type { RejectReason, SmsMessage, SmsOutcome } from '../sms-provider';
import type { ReceiptReading, ReceiptRequest, ReceiptState, UndeliveredReason } from '../sms-receipt';

/** MessageBird's REST API (`POST /messages`), which Bird keeps for accounts of its former dashboard. */
const config = z.strictObject({
  accessKey: z
    .string()
    .min(1)
    .describe('Access key of the dashboard (live, not test)')
    .meta({ secret: true }),
  signingKey: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Signing key that receipts are signed with; without it, the secret in their address is all there is',
    )
    .meta({ secret: true }),
  from: z
    .string()
    .regex(/^(\+?\d{3,17}|(?=.*[A-Za-z])[ -~]{1,11})$/, 'must be a number or up to 11 letters and digits')
    .describe('Sender: a number, or up to 11 letters and digits'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://rest.messagebird.com')
    .describe('Address of the API'),
  validitySeconds: z.coerce
    .number()
    .int()
    .min(60)
    .max(172_800)
    .default(600)
    .describe('Seconds after which MessageBird gives up delivering a text'),
});

export default defineSmsProvider({
  name: 'messagebird',
  limits: { maxCharacters: 1_377 },
  docs: {
    title: 'MessageBird (Bird), REST API',
    verified:
      'Over real sockets against an emulator of the documented answers, and the check of signatures against the test ' +
      'vectors of the vendor’s own SDK; not against a live account. Keys of the newer app.bird.com are for another ' +
      'API. Unverified: the longest reference (ours has 44 characters), and how far price, parts and reason are ' +
      'told in receipts. Prices are not fetched: the list has a row per operator and exceeds what we read.',
    receipts:
      'Nothing to set up: each text carries its own address (`reportUrl`). Set the signing key of the account as ' +
      '`SIGNING_KEY`, and receipts without a valid `MessageBird-Signature-JWT` (which covers the address and lives ' +
      'a minute) are refused; `PUBLIC_URL` must then be exactly what MessageBird calls.',
  },
  config,
  create: ({ accessKey, signingKey, from, baseUrl, validitySeconds }, { http }) => {
    const base = baseUrl.replace(/\/+$/, '');
    const headers = { authorization: `AccessKey ${accessKey}`, 'content-type': 'application/json' };
    return {
      send: (message, signal) => {
        const content = { originator: from, validity: validitySeconds, ...contentOf(message) };
        const request = { method: 'POST', url: `${base}/messages`, headers, signal } as const;
        return callGateway(http, { ...request, body: JSON.stringify(content) }, readAnswer);
      },
      readReceipts: async (request) =>
        signingKey === undefined || (await isSigned(request, signingKey))
          ? readReceipt(request)
          : { kind: 'forged' },
      balance: async (signal) =>
        readBalance(await askGateway(http, { method: 'GET', url: `${base}/balance`, headers, signal })),
    };
  },
});

function contentOf({ to, text, clientReference, receiptUrl }: SmsMessage): Record<string, unknown> {
  return {
    recipients: [to.slice(1)],
    body: text,
    // `plain`, the default, puts other characters in place of those outside the GSM alphabet.
    datacoding: smsSize(text).encoding === 'ucs2' ? 'unicode' : 'auto',
    // Without a reference there are no receipts.
    reference: clientReference,
    reportUrl: receiptUrl ?? undefined,
  };
}

function readAnswer({ status, body }: HttpResponse): SmsOutcome {
  const answer = jsonObject(body);
  const outcome = outcomeOfStatus(status);
  if (outcome.outcome === 'accepted') return readAcceptance(answer, status);
  // A 5xx stays unknown and a 429 a limit, whatever code came along.
  return outcome.outcome === 'rejected' && status !== 429 ? { ...outcome, ...refusalOf(answer) } : outcome;
}

function readAcceptance(answer: Readonly<Record<string, unknown>> | null, status: number): SmsOutcome {
  const reference = idText(answer?.['id']);
  if (reference === undefined) return { outcome: 'unknown', vendorCode: String(status) };
  const item = firstObject(isObject(answer?.['recipients']) ? answer['recipients']['items'] : null);
  const state = item?.['status'];
  // Created, and failed in the same breath.
  if (state === 'delivery_failed' || state === 'expired') {
    return { outcome: 'rejected', reason: 'unavailable', vendorCode: state };
  }
  return { outcome: 'accepted', reference, parts: partsOf(item?.['messagePartCount']) };
}

const REASON_BY_CODE: Readonly<Record<string, RejectReason>> = {
  2: 'unauthorized', // request not allowed
  9: 'unavailable', // parameter missing
  10: 'unavailable', // parameter invalid
  20: 'unavailable', // not found
  21: 'unavailable', // bad request
  25: 'no-credit',
  98: 'unavailable', // no such call
  99: 'unavailable', // internal error, but with a status that refuses
};

/** With 9 and 10. A wrong originator is a mistake in the settings, and stays `unavailable`. */
const REASON_BY_PARAMETER: Readonly<Record<string, RejectReason>> = {
  recipient: 'invalid-number',
  recipients: 'invalid-number',
  body: 'content',
};

/** `{"errors": [{"code": 9, "description": "no (correct) recipients found", "parameter": "recipients"}]}` */
function refusalOf(answer: unknown): { reason?: RejectReason; vendorCode?: string } {
  const { code, parameter } = firstObject(isObject(answer) ? answer['errors'] : null) ?? {};
  const byCode = lookUp(REASON_BY_CODE, code);
  if (!byCode) return {};
  const byParameter = code === 9 || code === 10 ? lookUp(REASON_BY_PARAMETER, parameter) : undefined;
  return { reason: byParameter ?? byCode, vendorCode: String(code) };
}

/** The list's first element, where it is an object. */
function firstObject(list: unknown): Readonly<Record<string, unknown>> | null {
  const first: unknown = Array.isArray(list) ? list[0] : null;
  return isObject(first) ? first : null;
}

function partsOf(count: unknown): number | undefined {
  const parts = Number(count ?? 0);
  return Number.isInteger(parts) && parts > 0 ? parts : undefined;
}

const CURRENCY_BY_TYPE: Readonly<Record<string, string>> = {
  credits: CREDITS,
  euros: 'EUR',
  pounds: 'GBP',
  dollars: 'USD',
};

/** `{"payment": "prepaid", "type": "credits", "amount": 9.2}` */
function readBalance({ type, amount }: Readonly<Record<string, unknown>>): Money {
  const money = parseMoney(amount, lookUp(CURRENCY_BY_TYPE, type) ?? type);
  if (!money) throw new Error('the gateway did not tell its balance');
  return money;
}

/** The clocks of MessageBird and us may differ by this; the token itself lives a minute. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** A JWT over the address as it was called, and over the body where there is one. */
async function isSigned({ headers, url, body, now }: ReceiptRequest, key: string): Promise<boolean> {
  try {
    const { payload } = await jwtVerify(headers['messagebird-signature-jwt'] ?? '', Buffer.from(key), {
      algorithms: ['HS256', 'HS384', 'HS512'],
      issuer: 'MessageBird',
      requiredClaims: ['exp', 'nbf', 'jti', 'url_hash'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(now),
    });
    const { url_hash: urlHash, payload_hash: bodyHash } = payload;
    const hasBody = body.length > 0 || bodyHash !== undefined;
    return isHashOf(urlHash, url) && (!hasBody || isHashOf(bodyHash, body));
  } catch {
    return false;
  }
}

function isHashOf(claim: unknown, content: string | Buffer): boolean {
  return sameSecret(
    typeof claim === 'string' ? claim.toLowerCase() : undefined,
    createHash('sha256').update(content).digest('hex'),
  );
}

const STATE_BY_STATUS: Readonly<Record<string, ReceiptState>> = {
  scheduled: 'accepted',
  sent: 'sent',
  buffered: 'sent',
  delivered: 'delivered',
  expired: 'undelivered',
  delivery_failed: 'undelivered',
};

/** `statusReason`, with blanks or underscores between the words. */
const REASON_BY_WORDS: Readonly<Record<string, UndeliveredReason>> = {
  'unknown subscriber': 'invalid-number',
  'unavailable subscriber': 'unreachable',
  'opted out': 'blocked',
  'carrier rejected': 'unavailable',
  'capacity limit reached': 'unavailable',
  'received network error': 'unavailable',
  'insufficient balance': 'no-credit',
  expired: 'expired',
};

/** `statusErrorCode`, as far as it is that of GSM (3GPP TS 29.002 §17.6.6). */
const REASON_BY_ERROR: Readonly<Record<string, UndeliveredReason>> = {
  1: 'invalid-number', // unknown subscriber
  5: 'invalid-number', // unidentified subscriber
  6: 'unreachable', // absent subscriber
  13: 'blocked', // call barred
  27: 'unreachable', // absent subscriber
  31: 'unreachable', // subscriber busy
  34: 'unavailable', // system failure
};

/** A GET with everything in its query. */
function readReceipt({ query }: ReceiptRequest): ReceiptReading {
  const get = (name: string): string | undefined => query.get(name) ?? undefined;
  const state = lookUp(STATE_BY_STATUS, get('status'));
  const [reference, clientReference] = [get('id'), get('reference')];
  if (!state || (!reference && !clientReference)) return { kind: 'malformed' };
  const reason = state === 'undelivered' ? reasonOf(query) : undefined;
  const parts = partsOf(get('messagePartCount'));
  const price = parseMoney(get('price[amount]'), get('price[currency]')) ?? undefined;
  return { kind: 'receipts', receipts: [{ reference, clientReference, state, reason, parts, price }] };
}

function reasonOf(query: URLSearchParams): UndeliveredReason {
  if (query.get('status') === 'expired') return 'expired';
  const words = query.get('statusReason')?.toLowerCase().replaceAll('_', ' ');
  return lookUp(REASON_BY_WORDS, words) ?? lookUp(REASON_BY_ERROR, query.get('statusErrorCode')) ?? 'unknown';
}
