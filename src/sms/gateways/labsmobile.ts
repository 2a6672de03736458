import { z } from 'zod';
import type { HttpResponse } from '../../common/outbound/http-client';
import { CREDITS, parseMoney } from '../../common/money';
import type { Money } from '../../common/money';
import { askGateway, balanceOf } from '../protocols/ask-gateway';
import { jsonObject } from '../../common/json-object';
import { callGateway, idText, outcomeOfStatus } from '../protocols/gateway-answer';
import { smsSize } from '../protocols/gsm7';
import { baseUrlSetting } from '../../common/outbound/base-url';
import { toldBy } from '../protocols/receipt-words';
import type { Told } from '../protocols/receipt-words';
import { vocabulary } from '../protocols/vocabulary';
import { allowedSendersSetting, sendersFor, sendersSetting } from '../protocols/senders';
import { defineGateway } from '../gateway';
import type { RejectReason, SmsMessage, SmsOutcome, SmsPrice } from '../gateway';
import type { ReceiptReading, ReceiptRequest, ReceiptState, UndeliveredReason } from '../receipt';

/**
 * LabsMobile, JSON API v2.5 (`/json/send`, `/json/balance`, `/json/prices`), as documented at apidocs.labsmobile.com;
 * receipts as three independent integrations describe them. Not verified against a live account: that flags are
 * understood as `"1"` (the vendor's samples write them so), and the codes that the documents do not explain (they
 * fail over as `refused`).
 */
const config = z.strictObject({
  username: z.string().min(1).describe('E-mail address of the account'),
  token: z.string().min(1).describe('API token, from the API settings of the account').meta({ secret: true }),
  from: sendersSetting(
    /^(\d{1,14}|[A-Za-z0-9]{1,11})$/,
    'must be up to 14 digits or up to 11 letters and digits',
  )
    .optional()
    .describe('Sender: up to 14 digits or 11 letters and digits; without it, that of the account'),
  allowedSenders: allowedSendersSetting(),
  baseUrl: baseUrlSetting('https://api.labsmobile.com'),
  test: z.stringbool().default(false).describe('True: texts are simulated, not sent and not charged'),
});

/** Codes in the answer. */
const reasonOfCode = vocabulary<RejectReason>({
  content: [
    20, // message element missing
    21, // message empty
    27, // character outside the alphabet
  ],
  'invalid-number': [23], // no recipients: the one we named was not taken for one
  'no-credit': [35],
  refused: [
    10, // request data missing
    11, // request data malformed
  ],
  unavailable: [
    24, // too many recipients: this and the rest would be a mistake in this file
    28, // subid too long
    39, // scheduled time malformed
  ],
});

/** An error while sending: whether the text goes out is not said, whatever the status. */
const SENDING_FAILED = '30';

const SENDERS = { sms: 'from' } as const;
const GSM7_SINGLE = 160;
const SUBID_BYTES = 10;

export default defineGateway({
  name: 'labsmobile',
  validity: {
    sms: {
      none: 'LabsMobile documents no limit per text: one that hangs may arrive after its code has died.',
    },
  },
  docs: {
    title: 'LabsMobile',
    verified:
      'Over real sockets against an emulator of the documented answers; not against a live account. Prices and ' +
      'balance are in credits of LabsMobile. Several parts are assumed to be reported once, for the whole text.',
    receipts:
      'Nothing to set up: each text carries its own address (`ackurl`). LabsMobile signs nothing, so the secret in ' +
      'that address is all there is; keep it out of access logs. Simulated texts (`TEST`) get no receipt.',
  },
  config,
  senders: SENDERS,
  create: (settings, { http }) => {
    const { username, token, baseUrl, test } = settings;
    const base = `${baseUrl.replace(/\/+$/, '')}/json`;
    const headers = {
      authorization: `Basic ${Buffer.from(`${username}:${token}`).toString('base64')}`,
      'content-type': 'application/json',
    };
    const post = (path: string, content: object, signal: AbortSignal) =>
      ({ method: 'POST', url: base + path, headers, body: JSON.stringify(content), signal }) as const;
    return {
      send: (message, signal) => {
        const { from } = sendersFor(settings, SENDERS, message);
        const content = { ...requestOf(message), tpoa: from, test: test ? '1' : undefined };
        return callGateway(http, post('/send', content, signal), readAnswer);
      },
      readReceipts,
      balance: async (signal) =>
        readBalance(await askGateway(http, { method: 'GET', url: `${base}/balance`, headers, signal })),
      prices: async (signal) =>
        readPrices(await askGateway(http, post('/prices', { format: 'JSON' }, signal))),
    };
  },
});

function requestOf(message: SmsMessage): Record<string, unknown> {
  const { encoding, units } = smsSize(message.text);
  return {
    message: message.text,
    recipient: [{ msisdn: message.to.slice(1) }],
    subid: subidOf(message.id),
    // Without it a resend, the same text within an hour, is dropped as a duplicate while the call succeeds.
    nofilter: '1',
    ucs2: encoding === 'ucs2' ? '1' : undefined,
    long: encoding === 'gsm7' && units > GSM7_SINGLE ? '1' : undefined,
    ackurl: message.receiptUrl ?? undefined,
  };
}

/**
 * The client reference: at most 20 characters, ours have 22. The first 10 of the id's 16 random bytes as
 * hexadecimal, because the vendor does not say whether `-` and `_` are allowed; 80 random bits stay unique.
 */
export function subidOf(deliveryId: string): string {
  return Buffer.from(deliveryId, 'base64url').subarray(0, SUBID_BYTES).toString('hex');
}

/** The code in the body counts, whatever the status: errors come with 200 too. It is text or number. */
function readAnswer({ status, body }: HttpResponse): SmsOutcome {
  const answer = jsonObject(body);
  const code = idText(answer?.['code']) ?? '';
  const byStatus = outcomeOfStatus(status);
  if (code !== '0' && /^\d{1,6}$/.test(code)) return refusal(code, byStatus);
  if (byStatus.outcome !== 'accepted') return byStatus;
  // A 2xx that does not say code 0 promises nothing.
  if (code !== '0') return { outcome: 'unknown', vendorCode: String(status) };
  return { outcome: 'accepted', reference: idText(answer?.['subid']) };
}

function refusal(code: string, byStatus: SmsOutcome): SmsOutcome {
  if (code === SENDING_FAILED) return { outcome: 'unknown', vendorCode: code };
  const fallback = byStatus.outcome === 'rejected' ? byStatus.reason : 'refused';
  return { outcome: 'rejected', reason: reasonOfCode(code) ?? fallback, vendorCode: code };
}

/** `code` is a number here, and text elsewhere. */
function readBalance({ code, credits }: Readonly<Record<string, unknown>>): Money {
  return balanceOf(Number(code ?? 0) === 0 ? credits : null, CREDITS);
}

/** By ISO code: `{"ES": {"isocode": "ES", "prefix": "34", "name": "Spain", "credits": 0.9}}`, for one part. */
function readPrices(answer: Readonly<Record<string, unknown>>): SmsPrice[] {
  const prices = Object.entries(answer).flatMap(([country, entry]): SmsPrice[] => {
    const price = hasCredits(entry) ? parseMoney(entry.credits, CREDITS) : null;
    return price && /^[A-Z]{2}$/.test(country) ? [{ country, channel: 'sms', price }] : [];
  });
  if (prices.length === 0) throw new Error('the gateway did not tell its prices');
  return prices;
}

function hasCredits(entry: unknown): entry is { credits: unknown } {
  return typeof entry === 'object' && entry !== null && 'credits' in entry;
}

/** What `desc` says of a text that did not arrive. A rejection is often about the sender, which another gateway changes. */
const reasonOfDesc = vocabulary<UndeliveredReason>({
  blocked: ['BLOCKED'],
  unavailable: ['REJECTD'],
  unreachable: ['UNDELIV'],
  expired: ['EXPIRED'],
});

const stateOfLevel = vocabulary<ReceiptState>({
  accepted: ['gateway'],
  sent: ['operator'],
  delivered: ['handset'],
});

/** A GET whose query holds `subid`, `msisdn`, `acklevel`, `status`, `desc` and `timestamp`. */
function readReceipts({ query }: ReceiptRequest): ReceiptReading {
  const reference = query.get('subid');
  const state = stateOf(query);
  if (!reference || !state) return { kind: 'malformed' };
  return { kind: 'receipts', receipts: [{ reference, ...state }] };
}

/**
 * `acklevel` says how far the text came, `status` whether it went well there. `ko` and `error` are final; only
 * `handset` with `ok` has arrived.
 */
function stateOf(query: URLSearchParams): Told | null {
  const [level, status, desc] = ['acklevel', 'status', 'desc'].map((name) => query.get(name) ?? '');
  if (level === 'error' || status === 'ko') {
    return { state: 'undelivered', reason: reasonOfDesc(desc?.toUpperCase()) ?? 'unknown' };
  }
  const known = status === 'ok' ? stateOfLevel(level) : undefined;
  const code = reasonOfDesc(desc?.toUpperCase());
  return level && status ? toldBy({ word: desc === '' ? level : desc, known, code }) : null;
}
