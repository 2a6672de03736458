import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { HttpResponse } from '../../common/outbound/http-client';
import { parseMoney, type Money } from '../../common/money';
import { askGateway, balanceOf } from '../protocols/ask-gateway';
import { escapeXml } from '../protocols/body-template';
import { jsonObject } from '../../common/json-object';
import { callGateway, idText, outcomeOfStatus } from '../protocols/gateway-answer';
import { addressWithWords, asksForWords, wordsIn, wordsKey } from '../protocols/voice/sealed-words';
import { baseUrlSetting } from '../../common/outbound/base-url';
import { isSignedV2, isSignedV3 } from '../protocols/signing/signed-address';
import { callerOf, missingCaller } from '../protocols/voice/caller';
import { speechLanguage } from '../protocols/voice/speech-language';
import { voices } from '../protocols/voice/voices';
import { toldBy } from '../protocols/receipt-words';
import { vocabulary } from '../protocols/vocabulary';
import {
  allowedSendersSetting,
  everySendersSetting,
  numberSenders,
  sendersFor,
  type WithSenders,
} from '../protocols/senders';
import { defineGateway } from '../gateway';
import { validityField, validSeconds } from '../validity';
import type { SmsMessage, SmsOutcome } from '../gateway';
import type { ReceiptReading, ReceiptRequest, ReceiptState, UndeliveredReason } from '../receipt';

/** Number, short code, up to 11 letters and digits with a letter among them, or the UUID of a powerpack. */
const SENDER =
  /^(\+[1-9]\d{6,14}|\d{3,8}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=.*[A-Za-z])[A-Za-z0-9]{1,11})$/;
const POWERPACK_LENGTH = 36;

/** Messaging and Voice API, v1. */
const config = z.strictObject({
  authId: z
    .string()
    .regex(/^[A-Z0-9]{6,40}$/, 'must be capitals and digits')
    .describe('Auth ID, MA… or SA…'),
  authToken: z.string().min(1).describe('Auth token; signs receipts').meta({ secret: true }),
  from: everySendersSetting(
    SENDER,
    'must be a number with plus, a short code, up to 11 letters and digits, or a powerpack',
    true,
  ).describe('Sender: number, short code, up to 11 letters and digits, or UUID of a powerpack'),
  voiceFrom: numberSenders().optional().describe('Number that calls; without it FROM'),
  allowedSenders: allowedSendersSetting(),
  baseUrl: baseUrlSetting('https://api.plivo.com'),
});
type Config = z.infer<typeof config>;
const SENDERS = { sms: 'from', voice: 'voiceFrom' } as const;
type Chosen = WithSenders<Config, (typeof SENDERS)[keyof typeof SENDERS]>;

const stateOfWord = vocabulary<ReceiptState>({
  accepted: ['queued'],
  sent: ['sent', 'ringing'],
  // A call: answered, and ended after that. Who or what answered is not told.
  delivered: ['delivered', 'read', 'in-progress', 'completed'],
  undelivered: ['failed', 'undelivered', 'rejected', 'busy', 'timeout', 'no-answer', 'cancel'],
});

/** `ErrorCode` of a text, and what became of a call. 1000 and what is not listed are `unknown`. */
const reasonOfCode = vocabulary<UndeliveredReason>({
  'invalid-number': [50],
  'opted-out': [200],
  blocked: [451], // hourly limit of the country: a text by another gateway would be the pumping that it stopped
  unreachable: [70, 80, 'busy', 'timeout', 'no-answer'],
  expired: [420],
  content: [10, 30, 110],
  'no-credit': [900],
  // Network, sender, loop, route, carrier, toll-free to Canada, dispatch, country not enabled, account disabled.
  unavailable: [20, 40, 60, 90, 100, 201, 300, 450, 910],
});

/** Three hours are Plivo's own choice, and the most. */
const EXPIRY = validityField('message_expiry', 5, 10_799);
/** How long it rings; two minutes are Plivo's own choice. */
/** The address holds the words of the call, so it outlives no call by long, however long the code lives. */
const MAX_CALL_SECONDS = 3_600;
const RINGING = validityField('ring_timeout', 1, 120);

export default defineGateway({
  name: 'plivo',
  channels: ['sms', 'voice'],
  validity: { sms: EXPIRY, voice: RINGING },
  docs: {
    title: 'Plivo',
    verified:
      'Over real sockets against an emulator of the documented answers; signatures compared with those of ' +
      "Plivo's own library 4.79; not against a live account. Amounts carry no currency and are taken for USD. " +
      'Prices are per country: import a price book. Neither text nor number is kept (`log: false`). Plivo takes no ' +
      'words with the call: it asks for them when somebody answers, so calls need `PUBLIC_URL`; the words stand ' +
      'sealed in the address, as long as the code lives, and only a signed request gets them.',
    receipts:
      'Nothing to set up: each text and call carries its own address. Signature V2 of texts covers the address, ' +
      'not the content, so the secret in it counts; signature V3 of calls covers both. Neither holds a time.',
  },
  config,
  missing: (channel, settings) => (channel === 'voice' ? missingCaller(settings) : []),
  senders: SENDERS,
  create: (settings, { http }) => {
    const { authId, authToken, baseUrl } = settings;
    const account = `${baseUrl.replace(/\/+$/, '')}/v1/Account/${authId}`;
    const headers = {
      authorization: `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`,
      'content-type': 'application/json',
    };
    const key = wordsKey(authToken);
    return {
      send: async (message, signal) => {
        const call = message.channel === 'voice';
        const chosen = sendersFor(settings, SENDERS, message);
        const content = call ? callOf(message, chosen, key) : textOf(message, chosen);
        if (!content) return { outcome: 'rejected', reason: 'content', vendorCode: 'not-configured' };
        const url = `${account}/${call ? 'Call' : 'Message'}/`;
        return callGateway(
          http,
          { method: 'POST', url, headers, body: JSON.stringify(content), signal },
          readAnswer,
        );
      },
      readReceipts: (request) => readReceipts(request, authToken, key),
      balance: async (signal) => {
        const answer = await askGateway(http, { method: 'GET', url: `${account}/`, headers, signal });
        return balanceOf(answer['cash_credits'], CURRENCY);
      },
    };
  },
});

/** Plivo's answers and receipts name none. */
const CURRENCY = 'USD';

/** Numbers without the plus. */
const digits = (number: string): string => number.replace(/^\+/, '');

function textOf(message: SmsMessage, { from, dlt }: Chosen): object {
  const { to, text, receiptUrl } = message;
  const sender = from.length === POWERPACK_LENGTH ? { powerpack_uuid: from } : { src: digits(from) };
  const callback = receiptUrl === null ? {} : { url: receiptUrl, method: 'POST' };
  // `false` keeps neither text nor number; the other values keep one of the two.
  const india = dlt ? { dlt_entity_id: dlt.entityId, dlt_template_id: dlt.templateId } : {};
  const expiry = { message_expiry: validSeconds(message, EXPIRY) };
  return { ...sender, dst: digits(to), text, type: 'sms', log: false, ...expiry, ...india, ...callback };
}

/** Null without a number to call from, without an address of ours, or when no voice speaks the language. */
function callOf(message: SmsMessage, settings: Chosen, key: KeyObject): object | null {
  const { to, text, locale, receiptUrl, secondsLeft } = message;
  const caller = callerOf(settings);
  const language = speechLanguage(locale, voices.plivo);
  if (!caller || !language || receiptUrl === null) return null;
  const xml = `<Response><Speak language="${language}">${escapeXml(text)}</Speak></Response>`;
  const answerUrl = addressWithWords(
    receiptUrl,
    xml,
    key,
    Date.now() + Math.min(secondsLeft, MAX_CALL_SECONDS) * 1_000,
  );
  const hangup = { hangup_url: receiptUrl, hangup_method: 'POST' };
  const answer = { answer_url: answerUrl, answer_method: 'POST' };
  const ringing = { ring_timeout: validSeconds(message, RINGING) };
  return { from: digits(caller), to: digits(to), ...ringing, ...answer, ...hangup };
}

/** A text is answered with the ids of its messages (one, as there is one number), a call with that of the request. */
function readAnswer({ status, body }: HttpResponse): SmsOutcome {
  const answer = jsonObject(body) ?? {};
  const byStatus = outcomeOfStatus(status);
  if (byStatus.outcome === 'rejected') return refusal(status, answer['error'], byStatus);
  if (byStatus.outcome !== 'accepted') return byStatus;
  const ids: unknown = answer['message_uuid'] ?? answer['request_uuid'];
  const reference = idText(Array.isArray(ids) ? ids[0] : ids);
  if (reference) return { outcome: 'accepted', reference };
  const invalid = Array.isArray(answer['invalid_number']) && answer['invalid_number'].length > 0;
  if (invalid) return { outcome: 'rejected', reason: 'invalid-number', vendorCode: 'invalid_number' };
  return { outcome: 'unknown', vendorCode: String(status) };
}

/** Refusals have no codes; only the lack of credit is told by its words. 403: the country is not enabled. */
function refusal(status: number, error: unknown, byStatus: SmsOutcome): SmsOutcome {
  const vendorCode = String(status);
  if (typeof error === 'string' && /insufficient credit/i.test(error)) {
    return { outcome: 'rejected', reason: 'no-credit', vendorCode };
  }
  return byStatus;
}

function readReceipts(request: ReceiptRequest, authToken: string, key: KeyObject): ReceiptReading {
  const form = new URLSearchParams(request.method === 'GET' ? '' : request.body.toString('utf8'));
  const fields = request.method === 'GET' ? request.query : form;
  const isCall = asksForWords(request) || fields.has('CallUUID');
  const isSigned = isCall ? isSignedV3(request, form, authToken) : isSignedV2(request, authToken);
  if (!isSigned) return { kind: 'forged' };
  if (!asksForWords(request)) return readFields(fields);
  const body = wordsIn(request, key);
  return body === null ? { kind: 'malformed' } : { kind: 'handshake', body, contentType: 'application/xml' };
}

function readFields(fields: URLSearchParams): ReceiptReading {
  const first = (...names: string[]) => names.map((name) => fields.get(name)).find((value) => value !== null);
  const reference = first('MessageUUID', 'RequestUUID', 'ALegRequestUUID', 'CallUUID');
  const word = first('Status', 'CallStatus');
  // The reply of a person.
  if (!word && reference && fields.has('Text')) return { kind: 'receipts', receipts: [] };
  const code = reasonOfCode(first('ErrorCode')) ?? reasonOfCode(word);
  const told = toldBy({ word, known: stateOfWord(word), code });
  if (!reference || !told) return { kind: 'malformed' };
  const parts = Number(first('Units')) || undefined;
  const price = priceOf(first('TotalAmount', 'TotalCost'));
  return { kind: 'receipts', receipts: [{ reference, ...told, parts, price }] };
}

/** Nothing is said by 0: before a text is sent it stands for "not known yet". */
function priceOf(amount: unknown): Money | undefined {
  const money = parseMoney(amount, CURRENCY);
  return money && money.micros > 0 ? money : undefined;
}
