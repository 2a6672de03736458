import { createHash } from 'node:crypto';
import { jwtVerify } from 'jose';
import { z } from 'zod';
import type { HttpResponse } from '../../common/outbound/http-client';
import { CREDITS, parseMoney } from '../../common/money';
import type { Money } from '../../common/money';
import { askGateway, balanceOf } from '../protocols/ask-gateway';
import { isObject, jsonObject } from '../../common/json-object';
import { callGateway, idText, outcomeOfStatus } from '../protocols/gateway-answer';
import { smsSize } from '../protocols/gsm7';
import { baseUrlSetting } from '../../common/outbound/base-url';
import { sameSecret } from '../protocols/signing/signature';
import { toldBy } from '../protocols/receipt-words';
import { vocabulary } from '../protocols/vocabulary';
import { allowedSendersSetting, everySendersSetting, sendersFor } from '../protocols/senders';
import { defineGateway } from '../gateway';
import type { RejectReason, SmsMessage, SmsOutcome } from '../gateway';
import type { ReceiptReading, ReceiptRequest, ReceiptState, UndeliveredReason } from '../receipt';
import { validityField, validSeconds } from '../validity';

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
  from: everySendersSetting(
    /^(\+?\d{3,17}|(?=.*[A-Za-z])[ -~]{1,11})$/,
    'must be a number or up to 11 letters and digits',
  ).describe('Sender: a number, or up to 11 letters and digits'),
  allowedSenders: allowedSendersSetting(),
  baseUrl: baseUrlSetting('https://rest.messagebird.com'),
});

const SENDERS = { sms: 'from' } as const;
const VALIDITY = validityField('validity', 1, 172_800);

export default defineGateway({
  name: 'messagebird',
  validity: { sms: VALIDITY },
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
  senders: SENDERS,
  create: (settings, { http }) => {
    const { accessKey, signingKey, baseUrl } = settings;
    const base = baseUrl.replace(/\/+$/, '');
    const headers = { authorization: `AccessKey ${accessKey}`, 'content-type': 'application/json' };
    return {
      send: (message, signal) => {
        const { from } = sendersFor(settings, SENDERS, message);
        const content = { originator: from, ...contentOf(message) };
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

function contentOf(message: SmsMessage): Record<string, unknown> {
  const { to, text, clientReference, receiptUrl } = message;
  return {
    recipients: [to.slice(1)],
    body: text,
    validity: validSeconds(message, VALIDITY),
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
  // A 429 stays a limit, whatever code came along.
  return outcome.outcome === 'rejected' && status !== 429 ? refusal(answer, outcome) : outcome;
}

function readAcceptance(answer: Readonly<Record<string, unknown>> | null, status: number): SmsOutcome {
  const reference = idText(answer?.['id']);
  if (reference === undefined) return { outcome: 'unknown', vendorCode: String(status) };
  const item = firstObject(isObject(answer?.['recipients']) ? answer['recipients']['items'] : null);
  const state = item?.['status'];
  // Created, and failed in the same breath.
  if (state === 'delivery_failed' || state === 'expired') {
    return { outcome: 'rejected', reason: 'refused', vendorCode: state };
  }
  return { outcome: 'accepted', reference, parts: partsOf(item?.['messagePartCount']) };
}

const reasonOfCode = vocabulary<RejectReason>({
  unauthorized: [2], // request not allowed
  'no-credit': [25],
  refused: [
    9, // parameter missing
    10, // parameter invalid
    21, // bad request
  ],
  // With every number alike: the address is fixed.
  unavailable: [
    20, // not found
    98, // no such call
  ],
});

/** Whether the text goes out is not said, whatever the status. */
const INTERNAL_ERROR = 99;

/** With 9 and 10. A wrong originator may be one that this destination does not take, and stays `refused`. */
const reasonOfParameter = vocabulary<RejectReason>({
  'invalid-number': ['recipient', 'recipients'],
  content: ['body'],
});

/** `{"errors": [{"code": 9, "description": "no (correct) recipients found", "parameter": "recipients"}]}` */
function refusal(answer: unknown, byStatus: SmsOutcome): SmsOutcome {
  const { code, parameter } = firstObject(isObject(answer) ? answer['errors'] : null) ?? {};
  if (code === INTERNAL_ERROR) return { outcome: 'unknown', vendorCode: String(code) };
  const byCode = reasonOfCode(code);
  if (!byCode) return byStatus;
  const byParameter = code === 9 || code === 10 ? reasonOfParameter(parameter) : undefined;
  return { outcome: 'rejected', reason: byParameter ?? byCode, vendorCode: String(code) };
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

const currencyOf = vocabulary({ [CREDITS]: ['credits'], EUR: ['euros'], GBP: ['pounds'], USD: ['dollars'] });

/** `{"payment": "prepaid", "type": "credits", "amount": 9.2}` */
function readBalance({ type, amount }: Readonly<Record<string, unknown>>): Money {
  return balanceOf(amount, currencyOf(type) ?? type);
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

const stateOf = vocabulary<ReceiptState>({
  accepted: ['scheduled'],
  sent: ['sent', 'buffered'],
  delivered: ['delivered'],
  undelivered: ['expired', 'delivery_failed'],
});

/** `statusReason`, with blanks or underscores between the words. */
const reasonOfWords = vocabulary<UndeliveredReason>({
  'invalid-number': ['unknown subscriber'],
  unreachable: ['unavailable subscriber'],
  'opted-out': ['opted out'],
  unavailable: ['carrier rejected', 'capacity limit reached', 'received network error'],
  'no-credit': ['insufficient balance'],
  expired: ['expired'],
});

/** `statusErrorCode`, as far as it is that of GSM (3GPP TS 29.002 §17.6.6). */
const reasonOfError = vocabulary<UndeliveredReason>({
  'invalid-number': [1, 5], // unknown, unidentified subscriber
  unreachable: [6, 27, 31], // absent, absent, busy subscriber
  blocked: [13], // call barred
  unavailable: [34], // system failure
});

/** A GET with everything in its query. */
function readReceipt({ query }: ReceiptRequest): ReceiptReading {
  const get = (name: string): string | undefined => query.get(name) ?? undefined;
  const word = get('status');
  const told = toldBy({ word, known: stateOf(word), code: reasonOf(query) });
  const [reference, clientReference] = [get('id'), get('reference')];
  if (!told || (!reference && !clientReference)) return { kind: 'malformed' };
  const parts = partsOf(get('messagePartCount'));
  const price = parseMoney(get('price[amount]'), get('price[currency]')) ?? undefined;
  return { kind: 'receipts', receipts: [{ reference, clientReference, ...told, parts, price }] };
}

function reasonOf(query: URLSearchParams): UndeliveredReason | undefined {
  if (query.get('status') === 'expired') return 'expired';
  const words = query.get('statusReason')?.toLowerCase().replaceAll('_', ' ');
  return reasonOfWords(words) ?? reasonOfError(query.get('statusErrorCode'));
}
