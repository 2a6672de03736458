import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { HttpResponse } from '../../common/outbound/http-client';
import { parseMoney, type Money } from '../../common/money';
import { askGateway, balanceOf } from '../protocols/ask-gateway';
import { isObject, jsonObject } from '../../common/json-object';
import { callGateway, idText, outcomeOfStatus } from '../protocols/gateway-answer';
import { isGsm7 } from '../protocols/gsm7';
import { baseUrlSetting } from '../../common/outbound/base-url';
import { hmac, isRecent, sameSecret } from '../protocols/signing/signature';
import { toldBy } from '../protocols/receipt-words';
import { vocabulary } from '../protocols/vocabulary';
import {
  allowedSendersSetting,
  everySendersSetting,
  sendersFor,
  type WithSenders,
} from '../protocols/senders';
import { defineGateway, type RejectReason, type SmsMessage, type SmsOutcome } from '../gateway';
import { REPLAY_WINDOW_MS } from '../receipt';
import { validityField, validSeconds } from '../validity';
import type { ReceiptReading, ReceiptRequest, ReceiptState, SmsReceipt, UndeliveredReason } from '../receipt';

/** The older SMS API (`POST /sms/json`), by its OpenAPI document 1.5. */
const config = z.strictObject({
  apiKey: z.string().min(1).describe('API key of the account').meta({ secret: true }),
  apiSecret: z.string().min(1).describe('API secret of the account').meta({ secret: true }),
  signatureSecret: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Signature secret of the account; set it once Vonage signs receipts, which its support switches on',
    )
    .meta({ secret: true }),
  signatureMethod: z
    .enum(['md5hash', 'md5', 'sha1', 'sha256', 'sha512'])
    .default('md5hash')
    .describe('How receipts are signed, as set in the account: md5hash, or an HMAC (better: sha256, sha512)'),
  from: everySendersSetting(
    /^(\+?\d{3,15}|[A-Za-z0-9 ]{1,11})$/,
    'must be a number, or up to 11 letters and digits',
    true,
  ).describe('Sender: a number of the account, or up to 11 letters and digits'),
  allowedSenders: allowedSendersSetting(),
  baseUrl: baseUrlSetting('https://rest.nexmo.com'),
});
type Config = z.infer<typeof config>;
const SENDERS = { sms: 'from' } as const;

/** `status` of a part. Every other one may be about the number: parameters (3), sender (15), destination (29). */
const reasonOfStatus = vocabulary<RejectReason>({
  'rate-limited': [1, 10],
  unauthorized: [4, 8, 11, 14],
  content: [12, 17],
  blocked: [7],
  'no-credit': [9],
  'invalid-number': [33],
  // Mistakes of ours, with every number alike: a parameter missing, the callback, two kinds of credentials.
  unavailable: [2, 23, 32],
});
/** Of the account (30 a second), or of a number: one a second in some countries. */
const THROTTLED = '1';
/** An error while it was processed: whether it goes out is not said. */
const INTERNAL_ERROR = '5';

const stateOfWord = vocabulary<ReceiptState>({
  accepted: ['accepted'],
  sent: ['buffered'],
  delivered: ['delivered'],
  undelivered: ['expired', 'failed', 'rejected', 'undelivered'],
  unknown: ['unknown'],
});
/** `err-code` of a receipt: of one that has arrived, and of others; what is not listed is `unknown`. */
const ARRIVED = '0';
const reasonOfCode = vocabulary<UndeliveredReason>({
  'invalid-number': [3],
  'opted-out': [9], // by Vonage's guide to opt-outs; 4 (barred) may be the operator's doing
  blocked: [4, 53],
  unreachable: [2, 5, 7, 12, 14, 15],
  content: [6, 10, 13, 50, 52],
  unavailable: [8, 11, 39, 51, 54],
});

/** Of `message-price`, `price` and the balance: accounts are billed in euros unless agreed otherwise. */
const CURRENCY = 'EUR';
/** A longer one is refused (status 23), and the text with it. */
const MAX_CALLBACK_CHARACTERS = 100;

/** In milliseconds. */
const TTL = validityField('ttl', 20, 604_800);

export default defineGateway({
  name: 'vonage-sms',
  validity: { sms: TTL },
  docs: {
    title: 'Vonage SMS API (the older one)',
    verified:
      'Over real sockets against an emulator of the documented answers, and signatures against the test vectors of ' +
      "Vonage's own PHP library; not against a live account. Not verified: that prices are in euros on every " +
      'account, and that a receipt which is sent again is signed again (one signed more than five minutes ago is ' +
      'refused). Prices are not fetched: the list of all countries exceeds what we read.',
    receipts:
      'Nothing to set up with a `PUBLIC_URL` of up to 33 characters: each text carries the address of this gateway ' +
      '(`callback`, at most 100 characters), and a receipt finds its text by `client-ref`. With a longer one set the ' +
      'delivery receipt webhook of the account (dashboard, account settings) to that address; `GET /v1/gateways` ' +
      'shows it. Each part is reported by itself. With `SIGNATURE_SECRET` receipts must be signed (`sig`).',
  },
  config,
  senders: SENDERS,
  create: (settings, { http }) => {
    const base = settings.baseUrl.replace(/\/+$/, '');
    const authorization = `Basic ${Buffer.from(`${settings.apiKey}:${settings.apiSecret}`).toString('base64')}`;
    return {
      send: (message, signal) => {
        const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
        const body = formOf(sendersFor(settings, SENDERS, message), message).toString();
        const url = `${base}/sms/json`;
        return callGateway(http, { method: 'POST', url, headers, body, signal }, readAnswer);
      },
      readReceipts: (request) => readReceipts(request, settings),
      balance: async (signal) => {
        const url = `${base}/account/get-balance`;
        const answer = await askGateway(http, { method: 'GET', url, headers: { authorization }, signal });
        return balanceOf(answer['value'], CURRENCY);
      },
    };
  },
});

function formOf({ from, dlt }: WithSenders<Config, 'from'>, message: SmsMessage): URLSearchParams {
  const { to, text, clientReference } = message;
  const form = new URLSearchParams({
    from: from.replace('+', ''),
    to: to.slice(1),
    text,
    type: isGsm7(text) ? 'text' : 'unicode',
    ttl: String(validSeconds(message, TTL) * 1_000),
    'client-ref': clientReference,
  });
  if (dlt) form.set('entity-id', dlt.entityId);
  if (dlt) form.set('content-id', dlt.templateId);
  const callback = callbackOf(message);
  if (callback !== null) form.set('callback', callback);
  return form;
}

/** The address of the account does as well: receipts echo `client-ref`. */
function callbackOf(message: SmsMessage): string | null {
  const urls = [message.receiptUrl, message.accountReceiptUrl];
  return urls.find((url) => url !== null && url.length <= MAX_CALLBACK_CHARACTERS) ?? null;
}

/** A 200 says nothing: each part of the text has a status of its own, and `0` alone means taken. */
function readAnswer({ status, body }: HttpResponse): SmsOutcome {
  const byStatus = outcomeOfStatus(status);
  if (byStatus.outcome !== 'accepted') return byStatus;
  const answer = jsonObject(body);
  const parts = partsOf(answer?.['messages']);
  const count = Number(answer?.['message-count']);
  if (parts.length === 0 || count !== parts.length) return { outcome: 'unknown', vendorCode: String(status) };
  const failed = parts.map((part) => idText(part['status']) ?? '').filter((code) => code !== '0');
  if (failed.length > 0) return failure(failed, parts.length);
  const reference = idText(parts[0]?.['message-id']);
  return { outcome: 'accepted', reference, parts: count, price: priceOf(parts) };
}

type Part = Readonly<Record<string, unknown>>;

function partsOf(messages: unknown): Part[] {
  return Array.isArray(messages) ? messages.filter(isObject) : [];
}

/** Where some parts may have been taken, something of the text may be on its way, and nobody can say what arrives. */
function failure(codes: readonly string[], parts: number): SmsOutcome {
  const [code = ''] = codes;
  const vendorCode = isCode(code) ? code : 'status';
  const allRefused = codes.length === parts && codes.every((one) => isCode(one) && one !== INTERNAL_ERROR);
  if (!allRefused) return { outcome: 'unknown', vendorCode };
  const limitOf = code === THROTTLED ? 'sender' : undefined;
  return { outcome: 'rejected', reason: reasonOfStatus(code) ?? 'refused', vendorCode, limitOf };
}

const isCode = (code: string): boolean => /^\d{1,3}$/.test(code);

/** Of all parts; undefined when one of them has none. */
function priceOf(parts: readonly Part[]): Money | undefined {
  const prices = parts.flatMap((part) => parseMoney(part['message-price'], CURRENCY) ?? []);
  if (prices.length !== parts.length) return undefined;
  return { micros: prices.reduce((sum, { micros }) => sum + micros, 0), currency: CURRENCY };
}

type Fields = ReadonlyMap<string, string>;

function readReceipts(request: ReceiptRequest, settings: Config): ReceiptReading {
  const fields = fieldsOf(request);
  const { signatureSecret } = settings;
  if (
    signatureSecret !== undefined &&
    !(fields && isSigned(fields, request.now, settings, signatureSecret))
  ) {
    return { kind: 'forged' };
  }
  // The text of a person, where replies come to the same address.
  if (fields?.has('text') && !fields.has('status')) return { kind: 'receipts', receipts: [] };
  const receipt = fields && receiptOf(fields);
  return receipt ? { kind: 'receipts', receipts: [receipt] } : { kind: 'malformed' };
}

function receiptOf(fields: Fields): SmsReceipt | null {
  const [reference, word, code] = ['messageId', 'status', 'err-code'].map((name) => fields.get(name));
  const known = stateOfWord(word) ?? (code === ARRIVED ? 'delivered' : undefined);
  const told = toldBy({ word, known, code: word === 'expired' ? 'expired' : reasonOfCode(code) });
  if (!reference || !told) return null;
  const price = parseMoney(fields.get('price'), CURRENCY) ?? undefined;
  return { clientReference: fields.get('client-ref'), reference, part: reference, ...told, price };
}

const jsonFields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/**
 * GET with a query, or POST with a form or JSON, as the account is set: the fields are the same. Of what stands there
 * twice the last is taken, for the signature as for the meaning. Null for what is none of these.
 */
function fieldsOf({ method, query, body }: ReceiptRequest): Fields | null {
  const text = body.toString('utf8');
  const entries = method === 'GET' || text === '' ? [...query] : bodyEntries(text);
  return entries && new Map(entries);
}

function bodyEntries(text: string): [string, string][] | null {
  if (!text.trimStart().startsWith('{')) return [...new URLSearchParams(text)];
  const { data } = jsonFields.safeParse(jsonObject(text));
  return data ? Object.entries(data).map(([name, value]) => [name, String(value)]) : null;
}

/** Signed with the account's secret, and not long ago. */
function isSigned(fields: Fields, now: number, { signatureMethod }: Config, secret: string): boolean {
  const names = [...fields.keys()].filter((name) => name !== 'sig').sort();
  // What is signed reads `&name=value&name=value`: a name that holds these signs could pass for several fields.
  if (names.some((name) => /[&=]/.test(name))) return false;
  const base = names.map((name) => `&${name}=${fields.get(name)?.replace(/[&=]/g, '_')}`).join('');
  const expected =
    signatureMethod === 'md5hash' ? md5(base + secret) : hmac(signatureMethod, secret, [base], 'hex');
  const at = Number(fields.get('timestamp') ?? NaN) * 1_000;
  return sameSecret(fields.get('sig')?.toLowerCase(), expected) && isRecent(at, now, REPLAY_WINDOW_MS);
}

/** Vonage's own choice for accounts that were not told to do better. */
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
