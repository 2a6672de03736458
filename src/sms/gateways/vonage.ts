import { z } from 'zod';
import type { HttpResponse } from '../../common/outbound/http-client';
import { parseMoney, type Money } from '../../common/money';
import { isObject, jsonObject } from '../../common/json-object';
import { callGateway, idText, outcomeOfStatus } from '../protocols/gateway-answer';
import { rsaPrivateKey, rsaTokens } from '../protocols/signing/json-web-token';
import { baseUrlSetting } from '../../common/outbound/base-url';
import { carriesPayloadToken } from '../protocols/signing/payload-token';
import { callerOf, missingFor } from '../protocols/voice/caller';
import { speechLanguage } from '../protocols/voice/speech-language';
import { voices } from '../protocols/voice/voices';
import { toldBy } from '../protocols/receipt-words';
import { asRejectReason, vocabulary, type FailureReason } from '../protocols/vocabulary';
import { authenticationTemplate, templateLanguage, whatsappSettings } from '../protocols/whatsapp-template';
import {
  allowedSendersSetting,
  everySendersSetting,
  numberSenders,
  sendersFor,
  type WithSenders,
} from '../protocols/senders';
import { defineGateway, type RejectReason, type SmsMessage, type SmsOutcome } from '../gateway';
import type { ReceiptReading, ReceiptRequest, ReceiptState, SmsReceipt } from '../receipt';
import { templateAlone, validityField, validSeconds } from '../validity';

const secret = () => z.string().min(1).optional();
const SENDER = /^(\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11})$/;

/** Messages API v1 (texts, WhatsApp) and Voice API v1 (calls), by their OpenAPI documents 1.20 and 1.10. */
const config = z.strictObject({
  applicationId: z
    .guid('must be the id of an application: 32 hexadecimal digits with hyphens')
    .describe('Id of the application; it needs the capability Messages, and Voice for calls'),
  privateKey: rsaPrivateKey
    .describe('Private key of the application as PEM; line breaks may be written as \\n')
    .meta({ secret: true }),
  signatureSecret: secret().describe('Signature secret of the account').meta({ secret: true }),
  apiKey: secret().describe('API key of the account: receipts must name it').meta({ secret: true }),
  from: everySendersSetting(
    SENDER,
    'must be a number with plus, or up to 11 letters and digits',
    true,
  ).describe('Sender: a number of the account (with plus), or up to 11 letters and digits'),
  voiceFrom: numberSenders().optional().describe('Number that calls; without it FROM, if a number'),
  ...whatsappSettings,
  allowedSenders: allowedSendersSetting(),
  baseUrl: baseUrlSetting('https://api.nexmo.com'),
});
type Config = z.infer<typeof config>;
const SENDERS = { sms: 'from', voice: 'voiceFrom', whatsapp: 'whatsappFrom' } as const;
type Chosen = WithSenders<Config, (typeof SENDERS)[keyof typeof SENDERS]>;

/** Error codes of answers and receipts. Every other one may be about the number, its network or its country. */
const reasonOfCode = vocabulary<FailureReason>({
  'rate-limited': [1000, 1241, 1460, 1461, 1472],
  unauthorized: [1060, 1080, 1140],
  'no-credit': [1070],
  'invalid-number': [1170, 1190, 1430],
  // Opted out, or stopped by the fraud rules of the account: another gateway must not go round those.
  blocked: [1050, 1240, 1470, 1473, 1474, 1475, 1483, 2001],
  content: [1022, 1090, 1210, 1270, 1282, 1480, 1482],
  unreachable: [1180, 1200, 1220, 1260, 1280, 1290, 1300, 1310],
  expired: [1360],
  unknown: [1320, 1330],
});
const THROTTLED = '1000'; // Of the account, or of a number: one a second in some countries.
/** Something in the request is wrong; `invalid_parameters` says what. */
const INVALID_PARAMETERS: readonly unknown[] = ['1010', '1020', '1410', undefined];
/** How `type` ends when it is about the account, whatever the number. */
const ACCOUNT = /\b(account-suspended|unprovisioned)$/;
/** Not every part was reported on in time. */
const PARTS_MISSING = '1490';

const stateOfWord = vocabulary<ReceiptState>({
  accepted: ['started'],
  sent: ['submitted', 'ringing'],
  delivered: ['delivered', 'read', 'answered', 'completed'],
  undelivered: ['rejected', 'undeliverable', 'busy', 'cancelled', 'failed', 'timeout', 'unanswered'],
});
/** What is told during a call and is no state of it. */
const NO_STATE: readonly unknown[] = ['input', 'record', 'transfer', 'human', 'machine'];
/** Of a call, by its `detail`, else by its status; every other one rang in vain: `unreachable`. */
const reasonOfCall = vocabulary<FailureReason>({
  'invalid-number': ['invalid_number'],
  unreachable: ['declined', 'unavailable', 'number_out_of_service'],
  unavailable: ['restricted', 'cannot_route', 'internal_error', 'carrier_timeout', 'failed', 'rejected'],
});

/** What a call cost is told without its currency; Vonage's own libraries say euros. */
const CALL_CURRENCY = 'EUR';

const TTL = validityField('ttl', 20, 604_800);
/** How long it rings; a minute is Vonage's own choice. */
const RINGING = validityField('ringing_timer', 1, 60);

export default defineGateway({
  name: 'vonage',
  channels: ['sms', 'voice', 'whatsapp'],
  validity: { sms: TTL, voice: RINGING, whatsapp: templateAlone },
  limits: { maxCharacters: 1_000 },
  docs: {
    title: 'Vonage (Messages API)',
    verified:
      'Over real sockets against an emulator of the documented answers (OpenAPI of October 2026); not against a ' +
      'live account. Not verified: that a receipt which is sent again is signed again (one signed more than five ' +
      'minutes ago is refused), and that `usage.price` is for all parts. A WhatsApp price of 0 is not kept: Vonage ' +
      'tells that where it bills per message. What the fraud rules of the account stop is `blocked` everywhere.',
    receipts:
      'Nothing to set up: each message and call carries its own address. With `SIGNATURE_SECRET` (account settings ' +
      'of the dashboard) each receipt must carry a JWT that was signed with it and covers the body; one without ' +
      'any is answered 503, as Vonage then sends it again signed. Leave signed webhooks switched on in the ' +
      'application. A call counts as delivered once it is answered.',
  },
  config,
  missing: (channel, settings) => missingFor(channel, settings, 'whatsappTemplate'),
  senders: SENDERS,
  create: (settings, { http }) => {
    const base = settings.baseUrl.replace(/\/+$/, '');
    const tokens = rsaTokens({ application_id: settings.applicationId }, settings.privateKey);
    return {
      send: async (message, signal) => {
        const chosen = sendersFor(settings, SENDERS, message);
        const call = message.channel === 'voice' ? callOf(chosen, message) : messageOf(chosen, message);
        if (!call) return { outcome: 'rejected', reason: 'content', vendorCode: 'not-configured' };
        const url = base + (message.channel === 'voice' ? '/v1/calls' : '/v1/messages');
        const headers = { authorization: `Bearer ${await tokens.get()}`, 'content-type': 'application/json' };
        const request = { method: 'POST', url, headers, body: JSON.stringify(call), signal } as const;
        const outcome = await callGateway(http, request, readAnswer);
        // A token made by a clock that was wrong is not to be shown for the rest of its life.
        if (outcome.outcome === 'rejected' && outcome.reason === 'unauthorized') tokens.forget();
        return outcome;
      },
      readReceipts: (request) => readReceipts(request, settings),
    };
  },
});

/** An answer, or what a receipt tells. */
type Event = Readonly<Record<string, unknown>>;

const digits = (value: string): string => value.replace('+', '');

/** Null when the settings lack what WhatsApp needs. */
function messageOf(settings: Chosen, message: SmsMessage): object | null {
  const { to, text, clientReference, receiptUrl, channel } = message;
  const callback = receiptUrl === null ? {} : { webhook_url: receiptUrl, webhook_version: 'v1' };
  const common = { channel, to: digits(to), client_ref: clientReference, ...callback };
  const plain = { message_type: 'text', from: digits(settings.from), text, ttl: validSeconds(message, TTL) };
  const { dlt, whatsappTemplate: name, whatsappFrom } = settings;
  const india = dlt ? { sms: { entity_id: dlt.entityId, content_id: dlt.templateId } } : {};
  if (channel !== 'whatsapp') return { ...common, ...plain, ...india };
  if (name === undefined || whatsappFrom === undefined) return null;
  const language = templateLanguage(message.locale, settings.whatsappLanguages);
  // A template with a button is not of the type `template`, but is handed on to WhatsApp as it is.
  const custom = { type: 'template', template: authenticationTemplate(name, language, message.code) };
  return { ...common, message_type: 'custom', from: digits(whatsappFrom), custom };
}

/** Null when the settings lack a number to call from, or no voice speaks the language. */
function callOf(settings: Chosen, message: SmsMessage): object | null {
  const { to, text, locale, receiptUrl } = message;
  const caller = callerOf(settings);
  const language = speechLanguage(locale, voices.vonage)?.replace('zh-', 'cmn-');
  if (caller === null || language === undefined) return null;
  return {
    to: [{ type: 'phone', number: digits(to) }],
    from: { type: 'phone', number: digits(caller) },
    ringing_timer: validSeconds(message, RINGING),
    ncco: [{ action: 'talk', text, language, loop: 1 }], // Once: the text itself says the code twice.
    ...(receiptUrl === null ? {} : { event_url: [receiptUrl], event_method: 'POST' }),
  };
}

function readAnswer({ status, body }: HttpResponse): SmsOutcome {
  const answer = jsonObject(body) ?? {};
  const byStatus = outcomeOfStatus(status);
  const code = codeOf(answer);
  if (byStatus.outcome === 'accepted') {
    const reference = idText(answer['message_uuid']) ?? idText(answer['uuid']);
    return reference ? { ...byStatus, reference } : { outcome: 'unknown', vendorCode: String(status) };
  }
  const vendorCode = code ?? String(status);
  if (byStatus.outcome === 'unknown') return { ...byStatus, vendorCode };
  const limitOf = code === THROTTLED ? 'sender' : undefined;
  return { ...byStatus, reason: reasonOf(byStatus.reason, code, answer), vendorCode, limitOf };
}

/** 401, 402 and 429 speak for themselves; in the documents their codes contradict each other. */
function reasonOf(byStatus: RejectReason, code: string | undefined, answer: Event): RejectReason {
  if (byStatus !== 'refused') return byStatus;
  if (ACCOUNT.test(idText(answer['type']) ?? '')) return 'unauthorized';
  if (INVALID_PARAMETERS.includes(code)) return blamesNumber(answer) ? 'invalid-number' : byStatus;
  return asRejectReason(reasonOfCode(code) ?? 'refused');
}

/** `invalid_parameters` names `to`, or `to[0].number` of a call. */
function blamesNumber({ invalid_parameters: all }: Event): boolean {
  return Array.isArray(all) && all.some((one) => isObject(one) && /^to\b/.test(idText(one['name']) ?? ''));
}

/** Receipts name the code in `title`, answers behind the `#` of `type`. */
function codeOf({ title, type }: Event): string | undefined {
  return [title, idText(type)?.split('#').at(-1)].map(idText).find((one) => /^[12]\d{3}$/.test(one ?? ''));
}

/**
 * Vonage says that in rare trouble it sends a receipt without signature, and signed after a 5xx. Such a call is
 * not looked into: whoever forges one by leaving the header out gets a 503 and nothing else.
 */
async function readReceipts(request: ReceiptRequest, settings: Config): Promise<ReceiptReading> {
  const { signatureSecret } = settings;
  if (signatureSecret !== undefined) {
    if (request.headers['authorization'] === undefined) return { kind: 'retry' };
    if (!(await carriesPayloadToken(request, signatureSecret, settings.apiKey))) return { kind: 'forged' };
  }
  const event = jsonObject(request.body.toString('utf8'));
  if (!event || !(idText(event['message_uuid']) ?? idText(event['uuid']))) return { kind: 'malformed' };
  return { kind: 'receipts', receipts: receiptsOf(event) };
}

/** None for what is no report: a reply of a person, the keys pressed in a call. */
function receiptsOf(event: Event): SmsReceipt[] {
  return 'message_uuid' in event ? messageReceipt(event) : callReceipt(event);
}

function callReceipt({ uuid, status: word, detail, price }: Event): SmsReceipt[] {
  const code = reasonOfCall(detail) ?? reasonOfCall(word);
  const told = NO_STATE.includes(word)
    ? null
    : toldBy({ word, known: stateOfWord(word), code, otherwise: 'unreachable' });
  return told
    ? [{ reference: idText(uuid), ...told, price: parseMoney(price, CALL_CURRENCY) ?? undefined }]
    : [];
}

function messageReceipt(event: Event): SmsReceipt[] {
  const { client_ref, message_uuid, error, sms, status: word } = event;
  const code = isObject(error) ? codeOf(error) : undefined;
  const known = code === PARTS_MISSING ? 'unknown' : stateOfWord(word);
  const told = toldBy({ word, known, code: reasonOfCode(code), otherwise: 'unavailable' });
  if (!told) return [];
  const about = { clientReference: idText(client_ref), reference: idText(message_uuid), ...told };
  const parts = isObject(sms) ? Number(sms['count_total']) || undefined : undefined;
  return [{ ...about, parts, price: priceOf(event) }];
}

function priceOf({ usage, channel }: Event): Money | undefined {
  const money = isObject(usage) ? parseMoney(usage['price'], usage['currency']) : null;
  return !money || (channel === 'whatsapp' && money.micros === 0) ? undefined : money;
}
