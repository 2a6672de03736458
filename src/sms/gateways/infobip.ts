import { z } from 'zod';
import type { HttpResponse } from '../../common/outbound/http-client';
import { parseMoney, times, type Money } from '../../common/money';
import { askGateway, balanceOf } from '../protocols/ask-gateway';
import { jsonObject } from '../../common/json-object';
import { callGateway, idText, outcomeOfStatus } from '../protocols/gateway-answer';
import { blamesNumber, errorCodeOf } from '../protocols/infobip-error';
import { countIn, fieldsIn, objectsIn, wordIn, type Fields } from '../protocols/json-fields';
import { callerOf, missingFor } from '../protocols/voice/caller';
import { speechLanguage } from '../protocols/voice/speech-language';
import { voices } from '../protocols/voice/voices';
import { toldBy } from '../protocols/receipt-words';
import { asRejectReason, asUndeliveredReason, vocabulary, type FailureReason } from '../protocols/vocabulary';
import { templateLanguage, whatsappSettings } from '../protocols/whatsapp-template';
import {
  allowedSendersSetting,
  everySendersSetting,
  numberSenders,
  sendersFor,
  type WithSenders,
} from '../protocols/senders';
import { defineGateway } from '../gateway';
import type { SmsMessage, SmsOutcome } from '../gateway';
import { MAX_RECEIPTS } from '../receipt';
import { templateAlone, validityField, validSeconds } from '../validity';
import type { ReceiptReading, ReceiptRequest, ReceiptState, SmsReceipt, UndeliveredReason } from '../receipt';

/** SMS API v3, Voice Message API v3 and WhatsApp API v1, by their OpenAPI document 3.210 and Infobip's Java client. */
const config = z.strictObject({
  apiKey: z
    .string()
    .min(1)
    .describe('API key, allowed to send over the channels used')
    .meta({ secret: true }),
  baseUrl: z
    .string()
    .transform((text) => (/^https?:\/\//i.test(text) ? text : `https://${text}`))
    .pipe(z.url({ protocol: /^https?$/ }))
    .describe('Address of the account, as the portal shows it: xxxxx.api.infobip.com'),
  from: everySendersSetting(
    /^(\+?\d{3,15}|[A-Za-z0-9 ._-]{1,11})$/,
    'must be a number, or up to 11 letters and digits',
    true,
  ).describe('Sender: a number, or up to 11 letters and digits'),
  voiceFrom: numberSenders().optional().describe('Number that calls; without it FROM, if a number'),
  ...whatsappSettings,
  allowedSenders: allowedSendersSetting(),
});
type Config = z.infer<typeof config>;
const SENDERS = { sms: 'from', voice: 'voiceFrom', whatsapp: 'whatsappFrom' } as const;
type Chosen = WithSenders<Config, (typeof SENDERS)[keyof typeof SENDERS]>;

/** An earlier call of ours with this delivery's id was taken: this one is its repetition. */
const REPEATED = 'REJECTED_DUPLICATE_MESSAGE_ID';

/** By the name of a status or an error, or the group of an error. */
const reasonOfWord = vocabulary<FailureReason>({
  'invalid-number': ['REJECTED_PREFIX_MISSING', 'REJECTED_INVALID_DESTINATION', 'EC_UNKNOWN_SUBSCRIBER'],
  // Do-not-disturb lists, black lists, fraud protection (which is charged): no other gateway must go round those.
  blocked: [
    ...['REJECTED_DND', 'REJECTED_DESTINATION', 'SIGNALS_BLOCKED', 'EC_IMSI_BLACKLISTED'],
    ...['EC_DEST_ADDRESS_BLACKLISTED', 'EC_BLACKLISTED_DESTINATIONADDRESS'],
  ],
  'no-credit': ['REJECTED_NOT_ENOUGH_CREDITS', 'REJECTED_PREPAID_PACKAGE_EXPIRED'],
  content: [
    ...['REJECTED_MESSAGE_TOO_LONG', 'EC_UNKNOWN_ALPHABET'],
    // Too many texts to one number: about this message, not about the gateway.
    ...['REJECTED_FLOODING_FILTER', 'EC_DESTINATION_FLOODING', 'EC_DESTINATION_TXT_FLOODING'],
  ],
  expired: ['EXPIRED_EXPIRED', 'EC_VALIDITYEXPIRED', 'EC_VALIDITY_EXPIRED', 'EC_MESSAGE_CANCELED'],
  unreachable: ['EC_VOICE_USER_BUSY', 'EC_VOICE_NO_ANSWER', 'HANDSET_ERRORS'],
  // Of refusals only this one is about Infobip, whatever the number.
  unavailable: [
    'REJECTED_SYSTEM_ERROR',
    'OPERATOR_ERRORS',
    'EC_BLACKLISTED_SENDERADDRESS',
    'EC_SOURCE_ADDRESS_BLACKLISTED',
  ],
});

/** By name, else by group: some names are not what their group says. */
const stateOfWord = vocabulary<ReceiptState>({
  accepted: ['ACCEPTED', 'PENDING_ACCEPTED'],
  sent: ['PENDING', 'DELIVERED_TO_OPERATOR'],
  delivered: ['DELIVERED'],
  undelivered: ['UNDELIVERABLE', 'EXPIRED', 'REJECTED', 'SIGNALS_BLOCKED'],
  unknown: ['EXPIRED_DLR_UNKNOWN'],
});
const stateOfGroup = vocabulary<ReceiptState>({ sent: [1], delivered: [3], undelivered: [2, 4, 5] });

const SMS_VALIDITY = validityField('options.validityPeriod', 1, 172_800);
/** In minutes. */
const CALL_VALIDITY = validityField('validityPeriod', 60, 172_800, 60);

export default defineGateway({
  name: 'infobip',
  channels: ['sms', 'voice', 'whatsapp'],
  validity: { sms: SMS_VALIDITY, voice: CALL_VALIDITY, whatsapp: templateAlone },
  limits: { maxCharacters: 1_400 },
  docs: {
    title: 'Infobip',
    verified:
      'Over real sockets against an emulator of the documented answers (OpenAPI of July 2026); not against a live ' +
      'account. Each message carries the id of its delivery: Infobip refuses a repeated one, which then counts as ' +
      'accepted. Not verified: that calls and WhatsApp messages are refused so too, and that a message which was ' +
      'itself rejected does not count. Prices are not fetched: the vendor has no call for them.',
    receipts:
      'Nothing to set up: each message carries its own address. The secret in it is all there is: Infobip can sign ' +
      'reports (HMAC in a notification profile), but does not document how, and only for addresses set up in ' +
      'the portal. Keep the address out of access logs. A call counts as delivered once it is answered.',
  },
  config,
  missing: (channel, settings) => missingFor(channel, settings, 'whatsappTemplate', isNumber),
  senders: SENDERS,
  create: (settings, { http }) => {
    const base = settings.baseUrl.replace(/\/+$/, '');
    const headers = { authorization: `App ${settings.apiKey}`, 'content-type': 'application/json' };
    return {
      send: async (message, signal) => {
        const call = callOf(sendersFor(settings, SENDERS, message), message);
        if (!call) return { outcome: 'rejected', reason: 'content', vendorCode: 'not-configured' };
        const body = JSON.stringify(call.content);
        const request = { method: 'POST', url: base + call.path, headers, body, signal } as const;
        return callGateway(http, request, (response) => readAnswer(response, message.id));
      },
      readReceipts,
      balance: async (signal) => {
        const url = `${base}/account/1/balance`;
        const { balance, currency } = await askGateway(http, { method: 'GET', url, headers, signal });
        return balanceOf(balance, currency);
      },
    };
  },
});

const digits = (value: string): string => value.replace('+', '');

/** Null when the settings lack what the channel needs, or no voice speaks the language. */
function callOf(settings: Chosen, message: SmsMessage): { path: string; content: object } | null {
  const destination = { to: digits(message.to), messageId: message.id };
  if (message.channel === 'sms') {
    const messages = [smsOf(settings, message, destination)];
    return { path: '/sms/3/messages', content: { messages, options: { includeSmsCountInResponse: true } } };
  }
  const common = { callbackData: message.clientReference, notifyUrl: message.receiptUrl ?? undefined };
  const [path, content] =
    message.channel === 'voice'
      ? ['/tts/3/advanced', voiceOf(settings, message, { destinations: [destination], ...common })]
      : ['/whatsapp/1/message/template', whatsappOf(settings, message, { ...destination, ...common })];
  return content && { path, content: { messages: [content] } };
}

const isNumber = (from: string): boolean => /^\+?\d{7,15}$/.test(from);

function voiceOf(settings: Chosen, message: SmsMessage, common: object): object | null {
  const { text, locale } = message;
  const from = callerOf(settings, isNumber);
  const language = speechLanguage(locale, voices.infobip)?.replace('nb', 'no').toLowerCase();
  if (from === null || language === undefined) return null;
  const validityPeriod = validSeconds(message, CALL_VALIDITY) / 60;
  const call = { from: digits(from), text, language, validityPeriod };
  return { ...common, ...call, notifyContentType: 'application/json' };
}

/** The code stands in the text of the template, and in its button, which copies it. */
function whatsappOf(settings: Chosen, { code, locale }: SmsMessage, common: object): object | null {
  const { whatsappFrom: from, whatsappTemplate: templateName } = settings;
  if (from === undefined || templateName === undefined) return null;
  const templateData = { body: { placeholders: [code] }, buttons: [{ type: 'URL', parameter: code }] };
  const language = templateLanguage(locale, settings.whatsappLanguages);
  return { ...common, from: digits(from), content: { templateName, templateData, language } };
}

function smsOf({ from, dlt }: Chosen, message: SmsMessage, destination: object): object {
  const validityPeriod = { amount: validSeconds(message, SMS_VALIDITY), timeUnit: 'SECONDS' };
  const indiaDlt = dlt ? { principalEntityId: dlt.entityId, contentTemplateId: dlt.templateId } : undefined;
  const delivery = message.receiptUrl === null ? undefined : { url: message.receiptUrl };
  return {
    sender: digits(from),
    destinations: [destination],
    content: { text: message.text },
    options: { validityPeriod, regional: indiaDlt && { indiaDlt } },
    webhooks: { delivery, contentType: 'application/json', callbackData: message.clientReference },
  };
}

function readAnswer({ status, body }: HttpResponse, id: string): SmsOutcome {
  const answer = jsonObject(body) ?? {};
  const byStatus = outcomeOfStatus(status);
  const vendorCode = errorCodeOf(answer) ?? String(status);
  if (byStatus.outcome === 'unknown') return { ...byStatus, vendorCode };
  if (byStatus.outcome === 'rejected') {
    const reason = byStatus.reason === 'refused' && blamesNumber(answer) ? 'invalid-number' : byStatus.reason;
    return { ...byStatus, reason, vendorCode };
  }
  const [message] = objectsIn(answer['messages']);
  return message ? readStatus(message, id) : { outcome: 'unknown', vendorCode };
}

/** A 200 may hold a refusal. */
function readStatus(message: Fields, id: string): SmsOutcome {
  const { name, groupName } = fieldsIn(message['status']);
  const vendorCode = wordIn(name) ?? wordIn(groupName) ?? 'status';
  const state = stateOfWord(name) ?? stateOfWord(groupName);
  if (name === REPEATED) return { outcome: 'accepted', reference: id };
  if (state === undefined || state === 'unknown') return { outcome: 'unknown', vendorCode };
  if (state === 'undelivered') {
    return { outcome: 'rejected', reason: asRejectReason(reasonOfWord(name) ?? 'refused'), vendorCode };
  }
  const parts = countIn(fieldsIn(message['details'])['messageCount']);
  return { outcome: 'accepted', reference: idText(message['messageId']) ?? id, parts };
}

/** Up to 100 reports in one call. */
function readReceipts({ body }: ReceiptRequest): ReceiptReading {
  const results = jsonObject(body.toString('utf8'))?.['results'];
  if (!Array.isArray(results)) return { kind: 'malformed' };
  return { kind: 'receipts', receipts: objectsIn(results).slice(0, MAX_RECEIPTS).flatMap(receiptOf) };
}

/** None for what is no report: the reply of a person. */
function receiptOf(result: Fields): SmsReceipt[] {
  const { messageId, callbackData, messageCount, seenAt } = result;
  const { name, groupName, groupId } = fieldsIn(result['status']);
  const byStatus = stateOfWord(name) ?? stateOfWord(groupName) ?? stateOfGroup(groupId);
  // By a number where no word is known; that a WhatsApp message was seen is told without a status.
  const known = byStatus ?? (seenAt ? 'delivered' : undefined);
  const code = known === 'undelivered' ? reasonOf(name, fieldsIn(result['error'])) : undefined;
  const told = toldBy({ word: name ?? groupName, known, code });
  const reference = idText(messageId);
  if (!reference || !told) return [];
  const parts = countIn(messageCount);
  return [{ clientReference: idText(callbackData), reference, ...told, price: priceOf(result), parts }];
}

/** By an error a number is called wrong only where the vendor does not say that it may pass. */
function reasonOf(status: unknown, { name, groupName, permanent }: Fields): UndeliveredReason {
  const byError = reasonOfWord(idText(name)?.toUpperCase()) ?? reasonOfWord(groupName) ?? 'unknown';
  const passing = byError === 'invalid-number' && permanent === false;
  return asUndeliveredReason(reasonOfWord(status) ?? (passing ? 'unreachable' : byError));
}

/** Per part, or per second of a call. */
function priceOf({ price, messageCount, voiceCall }: Fields): Money | undefined {
  const { pricePerMessage, pricePerSecond, currency } = fieldsIn(price);
  const perSecond = parseMoney(pricePerSecond, currency);
  if (perSecond) return times(perSecond, countIn(fieldsIn(voiceCall)['chargedDuration']) ?? 0);
  const perPart = parseMoney(pricePerMessage, currency);
  return perPart ? times(perPart, countIn(messageCount) ?? 1) : undefined;
}
