import { z } from 'zod';
import type { HttpResponse } from '../../common/outbound/http-client';
import { parseMoney, type Money } from '../../common/money';
import { askGateway, balanceOf } from '../protocols/ask-gateway';
import { escapeXml } from '../protocols/body-template';
import { jsonObject } from '../../common/json-object';
import { callGateway, idText, outcomeOfStatus } from '../protocols/gateway-answer';
import { baseUrlSetting } from '../../common/outbound/base-url';
import { signedFields } from '../protocols/signing/signed-form';
import { callerOf, missingFor } from '../protocols/voice/caller';
import { speechLanguage } from '../protocols/voice/speech-language';
import { voices } from '../protocols/voice/voices';
import { toldBy } from '../protocols/receipt-words';
import { asRejectReason, vocabulary, type FailureReason } from '../protocols/vocabulary';
import {
  allowedSendersSetting,
  everySendersSetting,
  numberSenders,
  sendersFor,
  type WithSenders,
} from '../protocols/senders';
import { defineGateway } from '../gateway';
import { validityField, validSeconds } from '../validity';
import type { LimitOwner, SmsMessage, SmsOutcome } from '../gateway';
import type { ReceiptReading, ReceiptRequest, ReceiptState } from '../receipt';

const sid = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}[0-9a-zA-Z]{1,62}$`), `must be ${prefix} with letters and digits`);
const together = (key: string, other: string) => ({ path: [key], error: `goes together with ${other}` });
/** Number, short code, messaging service, or up to 11 characters with a letter among them. */
const SENDER = /^(\+[1-9]\d{6,14}|\d{3,8}|MG[0-9a-fA-F]{32}|(?=.*[A-Za-z])[A-Za-z0-9 +&_-]{1,11})$/;

/** Programmable Messaging and Voice, API 2010-04-01. */
const config = z
  .strictObject({
    accountSid: sid('AC').describe('SID of the account, AC…'),
    authToken: z.string().min(1).describe('Auth token; signs receipts').meta({ secret: true }),
    apiKeySid: sid('SK').optional().describe('SID of an API key to call with').meta({ secret: true }),
    apiKeySecret: z.string().min(1).optional().describe('Secret of that API key').meta({ secret: true }),
    from: everySendersSetting(
      SENDER,
      'must be a number with plus, a short code, up to 11 characters with a letter, or MG…',
    ).describe('Sender: number, short code, up to 11 characters with a letter, or messaging service (MG…)'),
    voiceFrom: numberSenders().optional().describe('Number that calls; without it FROM'),
    whatsappFrom: numberSenders().optional().describe('Number of the WhatsApp sender'),
    allowedSenders: allowedSendersSetting(),
    whatsappContentSid: sid('HX')
      .optional()
      .describe('Approved authentication template, HX…; its variable 1 is the code'),
    contentRetention: z
      .enum(['retain', 'discard'])
      .optional()
      .describe('`discard`: Twilio keeps no text; only where Message Redaction is on (else error 30029)'),
    baseUrl: baseUrlSetting('https://api.twilio.com'),
  })
  .refine((set) => !set.apiKeySid === !set.apiKeySecret, together('apiKeySecret', 'API_KEY_SID'))
  .refine(
    (set) => !set.whatsappFrom === !set.whatsappContentSid,
    together('whatsappFrom', 'WHATSAPP_CONTENT_SID'),
  );
type Config = z.infer<typeof config>;
const SENDERS = { sms: 'from', voice: 'voiceFrom', whatsapp: 'whatsappFrom' } as const;
type Chosen = WithSenders<Config, (typeof SENDERS)[keyof typeof SENDERS]>;

/**
 * Codes of refusals (21xxx) and of what did not arrive, from the vendor's error dictionary. What is not listed may be
 * about number, sender or settings when it comes with a refusal, so another gateway is asked for its opinion.
 */
const reasonOfCode = vocabulary<FailureReason>({
  unauthorized: [10001, 20003, 20005], // account not active, wrong credentials
  // Not a number, not a mobile one, a landline, a short code, our own sender, premium rate, not in service.
  'invalid-number': [21202, 21211, 21217, 21265, 21266, 21268, 21614, 21635, 30005],
  'opted-out': [21610],
  // Carrier or handset; pumping protection: a text by another gateway would be the fraud that it stopped. 63014: on
  // WhatsApp, which says nothing of other channels.
  blocked: [30004, 30450, 63014],
  // 30006: a landline, or a carrier that this kind of sender does not reach. 63003, 63024: nobody on WhatsApp.
  unreachable: [30003, 30006, 63003, 63024],
  expired: [30036],
  content: [
    ...[21602, 21605, 21617, 21618, 21619, 21656, 21658],
    ...[30007, 30019, 30038, 30039, 30044, 63005, 63013, 63016, 63021],
  ],
  'rate-limited': [14107, 20429, 21611, 63018, 63038],
  refused: [
    ...[21408, 30010, 30017, 30018, 30022, 30023, 30024, 30027, 30032, 30033, 30034, 30035, 30040],
    ...[30041, 30042, 30043, 30454],
  ],
  // With every number alike; those above are about region, price, or sender and carrier.
  unavailable: [
    ...[20404, 21212, 21603, 21609, 21660, 21661, 21701, 21704, 30001, 30002, 30037, 30410, 30500, 63007],
  ],
});

/**
 * Of limits, those that are not the account's: the queue of one sender, what WhatsApp allows one number (Twilio has the
 * same code for the account's rate), and messages to one person.
 */
const limitOfCode = vocabulary<LimitOwner>({ sender: [21611, 63018], recipient: [14107] });

const stateOfWord = vocabulary<ReceiptState>({
  accepted: ['accepted', 'queued', 'scheduled', 'initiated'],
  sent: ['sending', 'sent', 'ringing'],
  // A call: answered, and ended after that. Who or what answered is not told.
  delivered: ['delivered', 'read', 'in-progress', 'completed'],
  undelivered: ['undelivered', 'failed', 'canceled', 'busy', 'no-answer'],
  unknown: ['partially_delivered'],
});

const QUEUED = validityField('ValidityPeriod', 1, 36_000);
/** How long it rings; a minute is Twilio's own choice. */
const RINGING = validityField('Timeout', 5, 60);

export default defineGateway({
  name: 'twilio',
  channels: ['sms', 'voice', 'whatsapp'],
  validity: { sms: QUEUED, voice: RINGING, whatsapp: QUEUED },
  docs: {
    title: 'Twilio',
    verified:
      'Over real sockets against an emulator of the documented answers; shapes, signature and languages compared ' +
      "with Twilio's own library 6.2, codes with its error dictionary; not against a live account, nor that each " +
      'language has a voice. Prices are on another host, per country: import a price book. Twilio keeps the ' +
      'texts, codes included, unless `CONTENT_RETENTION` or the account says otherwise.',
    receipts:
      'Nothing to set up: each text and call carries its own address (`StatusCallback`). `X-Twilio-Signature` is ' +
      'verified with the auth token, over the address as `PUBLIC_URL` gives it; it holds no time, and receipts ' +
      'hold no price. A call counts as delivered once it is answered.',
  },
  config,
  missing: (channel, settings) => missingFor(channel, settings, 'whatsappContentSid'),
  senders: SENDERS,
  create: (settings, { http }) => {
    const account = `${settings.baseUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${settings.accountSid}`;
    const headers = {
      authorization: `Basic ${Buffer.from(credentialsOf(settings)).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    };
    return {
      send: async (message, signal) => {
        const fields = fieldsOf(message, sendersFor(settings, SENDERS, message));
        if (!fields) return { outcome: 'rejected', reason: 'content', vendorCode: 'not-configured' };
        const url = `${account}/${message.channel === 'voice' ? 'Calls' : 'Messages'}.json`;
        const to = message.channel === 'whatsapp' ? `whatsapp:${message.to}` : message.to;
        const body = new URLSearchParams([['To', to], ...fields]).toString();
        return callGateway(http, { method: 'POST', url, headers, body, signal }, readAnswer);
      },
      readReceipts: (request) => readReceipts(request, settings.authToken),
      balance: async (signal) => {
        const url = `${account}/Balance.json`;
        const { balance, currency } = await askGateway(http, { method: 'GET', url, headers, signal });
        return balanceOf(balance, currency);
      },
    };
  },
});

function credentialsOf({ accountSid, authToken, apiKeySid, apiKeySecret }: Config): string {
  return apiKeySid && apiKeySecret ? `${apiKeySid}:${apiKeySecret}` : `${accountSid}:${authToken}`;
}

type Fields = [name: string, value: string][];

/** Null when the settings lack a sender for the channel, or no voice speaks the language. */
function fieldsOf(message: SmsMessage, settings: Chosen): Fields | null {
  const callback: Fields = message.receiptUrl === null ? [] : [['StatusCallback', message.receiptUrl]];
  const own = message.channel === 'voice' ? callOf(message, settings) : textOf(message, settings);
  return own && [...own, ...callback];
}

function textOf(message: SmsMessage, settings: Chosen): Fields | null {
  const { channel, text, code } = message;
  const { from, whatsappFrom, whatsappContentSid: template, contentRetention } = settings;
  const common: Fields = [['ValidityPeriod', String(validSeconds(message, QUEUED))]];
  if (contentRetention) common.push(['ContentRetention', contentRetention]);
  if (channel === 'whatsapp') {
    if (!whatsappFrom || !template) return null;
    const fields = { ContentSid: template, ContentVariables: JSON.stringify({ 1: code }) };
    return [['From', `whatsapp:${whatsappFrom}`], ...Object.entries(fields), ...common];
  }
  const sender = from.startsWith('MG') && from.length > 11 ? 'MessagingServiceSid' : 'From';
  return [[sender, from], ['Body', text], ...common];
}

function callOf(message: SmsMessage, settings: Chosen): Fields | null {
  const { text, locale, receiptUrl } = message;
  const [caller, language] = [callerOf(settings), speechLanguage(locale, voices.twilio)];
  if (!caller || !language) return null;
  const twiml = `<Response><Say language="${language}">${escapeXml(text)}</Say></Response>`;
  // Without events only the end of the call would be told.
  const events: Fields = ['answered', 'completed'].map((event) => ['StatusCallbackEvent', event]);
  const timeout = String(validSeconds(message, RINGING));
  return [['From', caller], ['Twiml', twiml], ['Timeout', timeout], ...(receiptUrl === null ? [] : events)];
}

function readAnswer({ status, body }: HttpResponse): SmsOutcome {
  const answer = jsonObject(body) ?? {};
  const byStatus = outcomeOfStatus(status);
  if (byStatus.outcome === 'rejected') return refusal(idText(answer['code']), byStatus);
  if (byStatus.outcome !== 'accepted') return byStatus;
  const reference = idText(answer['sid']);
  if (!reference) return { outcome: 'unknown', vendorCode: String(status) };
  // Refused in the same breath, with the status of a success.
  if (answer['status'] === 'failed') return refusal(idText(answer['error_code']), FAILED);
  // With a messaging service the parts are 0 until a sender was chosen.
  const parts = Number(answer['num_segments']) || undefined;
  return { outcome: 'accepted', reference, parts, price: priceOf(answer['price'], answer['price_unit']) };
}

type Refusal = SmsOutcome & { outcome: 'rejected' };
const FAILED: Refusal = { outcome: 'rejected', reason: 'refused' };

function refusal(code: string | undefined, byStatus: Refusal): Refusal {
  if (!code || !/^\d{5}$/.test(code)) return byStatus;
  const reason = asRejectReason(reasonOfCode(code) ?? byStatus.reason);
  return { ...byStatus, reason, vendorCode: code, limitOf: limitOfCode(code) };
}

/** Twilio writes what it takes as a negative amount. */
function priceOf(amount: unknown, currency: unknown): Money | undefined {
  const money = parseMoney(amount, currency);
  return money ? { ...money, micros: Math.abs(money.micros) } : undefined;
}

function readReceipts(request: ReceiptRequest, authToken: string): ReceiptReading {
  const field = signedFields(request, authToken);
  if (!field) return { kind: 'forged' };
  const first = (...names: string[]) => names.map(field).find((value) => value !== undefined);
  const word = first('MessageStatus', 'SmsStatus', 'CallStatus') ?? '';
  // The reply of a person.
  if (word === 'received' || word === 'receiving') return { kind: 'receipts', receipts: [] };
  const reference = first('MessageSid', 'CallSid');
  const otherwise = word === 'busy' || word === 'no-answer' ? 'unreachable' : undefined;
  const code = reasonOfCode(field('ErrorCode'));
  const told = toldBy({ word, known: stateOfWord(word), code, otherwise });
  return reference && told ? { kind: 'receipts', receipts: [{ reference, ...told }] } : { kind: 'malformed' };
}
