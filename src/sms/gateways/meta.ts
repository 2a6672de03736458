import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { HttpResponse } from '../../common/outbound/http-client';
import { isObject, jsonObject } from '../../common/json-object';
import { callGateway, idText, outcomeOfStatus } from '../protocols/gateway-answer';
import { baseUrlSetting } from '../../common/outbound/base-url';
import { hmac, sameSecret } from '../protocols/signing/signature';
import { toldBy } from '../protocols/receipt-words';
import { asRejectReason, vocabulary } from '../protocols/vocabulary';
import type { FailureReason } from '../protocols/vocabulary';
import { authenticationTemplate, templateLanguage, templateLanguages } from '../protocols/whatsapp-template';
import { allowedSendersSetting, everySendersSetting, sendersFor } from '../protocols/senders';
import { defineGateway } from '../gateway';
import type { LimitOwner, SmsMessage, SmsOutcome } from '../gateway';
import { templateAlone } from '../validity';
import { MAX_RECEIPTS } from '../receipt';
import type { ReceiptReading, ReceiptRequest, ReceiptState, SmsReceipt } from '../receipt';

/** WhatsApp from Meta itself: Cloud API on the Graph API, authentication templates only. */
const config = z.strictObject({
  phoneNumberId: everySendersSetting(
    /^\d{5,20}$/,
    'must be digits: the id of the number, not the number',
  ).describe('Id of the WhatsApp number that sends'),
  allowedSenders: allowedSendersSetting(),
  accessToken: z.string().min(1).describe('Access token of a system user').meta({ secret: true }),
  template: z
    .string()
    .regex(/^[a-z0-9_]{1,512}$/, 'must be lower-case letters, digits and underscores')
    .describe('Name of an approved authentication template with a button that copies the code'),
  templateLanguages: templateLanguages
    .optional()
    .describe(
      'Languages it was approved in, such as en,es_MX,pt_BR; the closest one is used, else the first',
    ),
  appSecret: z
    .string()
    .min(1)
    .optional()
    .describe('App secret that receipts are signed with; without it none are read')
    .meta({ secret: true }),
  verifyToken: z
    .string()
    .min(1)
    .optional()
    .describe('What Meta is to show when it asks whether the address of receipts is ours')
    .meta({ secret: true }),
  baseUrl: baseUrlSetting('https://graph.facebook.com'),
  apiVersion: z
    .string()
    .regex(/^v\d{1,3}\.\d$/, 'must look like v25.0')
    .default('v25.0')
    .describe('Version of the Graph API'),
});
type Config = z.infer<typeof config>;
const SENDERS = { whatsapp: 'phoneNumberId' } as const;

export default defineGateway({
  name: 'meta',
  channels: ['whatsapp'],
  validity: { whatsapp: templateAlone },
  docs: {
    title: 'WhatsApp Cloud API (Meta)',
    verified:
      'Over real sockets against an emulator of the documented answers; not against a live account. The person reads ' +
      'Meta’s words around the code, never our text. Meta’s message ids hold the number in base64, so only their ' +
      'SHA-256 is kept. v25.0 of the Graph API is served until July 2028.',
    receipts:
      'Once per app: enter the gateway’s address and `VERIFY_TOKEN` under WhatsApp > Configuration, subscribe to ' +
      '`messages`, and set `APP_SECRET`: receipts without a valid `X-Hub-Signature-256` are refused. They find ' +
      'their message by a reference of ours that Meta repeats (`biz_opaque_callback_data`). Meta signs no time: a ' +
      'receipt that is played again changes nothing.',
  },
  config,
  senders: SENDERS,
  create: (settings, { http }) => {
    const { accessToken, baseUrl, apiVersion, appSecret } = settings;
    const api = `${baseUrl.replace(/\/+$/, '')}/${apiVersion}`;
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    return {
      send: (message, signal) => {
        const { phoneNumberId } = sendersFor(settings, SENDERS, message);
        const url = `${api}/${phoneNumberId}/messages`;
        const body = JSON.stringify(contentOf(message, settings));
        return callGateway(http, { method: 'POST', url, headers, body, signal }, readAnswer);
      },
      ...(appSecret !== undefined && {
        readReceipts: (request) =>
          request.method === 'GET'
            ? readHandshake(request, settings.verifyToken)
            : readReceipts(request, appSecret),
      }),
    };
  },
});

function contentOf(message: SmsMessage, settings: Config): Record<string, unknown> {
  const language = templateLanguage(message.locale, settings.templateLanguages);
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: message.to,
    type: 'template',
    template: authenticationTemplate(settings.template, language, message.code),
    biz_opaque_callback_data: message.clientReference,
  };
}

/**
 * Meta's codes, which come in answers and receipts alike. None is `invalid-number` or `blocked`: who is not on
 * WhatsApp, or does not want to be written to there, may well get a text. An answer calls these `refused`.
 */
const reasonOfCode = vocabulary<FailureReason>({
  unreachable: [
    131_026, // undeliverable: not on WhatsApp, too old a version, terms not accepted
    130_472, // part of an experiment of Meta's
    131_049, // not delivered for the sake of a healthy ecosystem
    131_050, // opted out
  ],
  unauthorized: [
    0, // token
    3, // capability or permission
    10, // permission
    190, // token expired
    ...range(200, 299), // permission
    368, // blocked for a violation of policy
    131_005, // access denied
    131_031, // account locked
  ],
  'no-credit': [131_042], // payment
  'rate-limited': [
    4, // calls of the app
    80_007, // calls of the account
    130_429, // throughput of this number of ours
    131_048, // spam, of this number of ours
    131_056, // this sender to this person
  ],
  unavailable: [
    2, // temporarily down
    33, // no such number of ours
    131_016, // overloaded
    131_045, // number of ours not registered
    131_051, // kind of message
    131_057, // maintenance
    133_004, // temporarily down
    133_010, // number of ours not registered
  ],
  refused: [
    100, // parameter, which may be the number
    130_497, // may not write to this country
    131_008, // parameter missing
    131_009, // parameter value
    131_021, // to ourselves
    131_030, // not on the list of a test number
    131_047, // not a template, outside of the 24 hours
    // Templates are approved language by language, and the request says which language it wants.
    132_000, // number of parameters of the template
    132_001, // no such template in this language
    132_005, // template too long
    132_007, // template against policy
    132_012, // form of parameters of the template
    132_015, // template paused
    132_016, // template disabled
    135_000, // something about the parameters
  ],
  // Never delivered in the time that the template allows.
  expired: [131_043],
});

/** Of limits, those that are not the account's. */
const limitOfCode = vocabulary<LimitOwner>({ sender: [130_429, 131_048], recipient: [131_056] });

/** `{"error": {"message", "type", "code", "error_data": {"details"}, "fbtrace_id"}}` whatever the status. */
function readAnswer({ status, body }: HttpResponse): SmsOutcome {
  const answer = jsonObject(body);
  const outcome = outcomeOfStatus(status);
  if (outcome.outcome === 'accepted') {
    const id = idText(firstObject(answer?.['messages'])?.['id']);
    return id
      ? { outcome: 'accepted', reference: referenceOf(id) }
      : { outcome: 'unknown', vendorCode: String(status) };
  }
  const code = isObject(answer?.['error']) ? answer['error']['code'] : undefined;
  const reason = reasonOfCode(code);
  if (!reason) return outcome;
  const vendorCode = String(code);
  return { outcome: 'rejected', reason: asRejectReason(reason), vendorCode, limitOf: limitOfCode(code) };
}

/** A wamid holds the person's number in base64, and is kept longer than the number may be. */
function referenceOf(wamid: string): string {
  return createHash('sha256').update(wamid).digest('base64url');
}

/** Meta asks once, when the address is entered, and again when it is changed. */
function readHandshake({ query }: ReceiptRequest, verifyToken: string | undefined): ReceiptReading {
  const challenge = query.get('hub.challenge') ?? '';
  if (verifyToken === undefined || !sameSecret(query.get('hub.verify_token') ?? undefined, verifyToken)) {
    return { kind: 'forged' };
  }
  // Digits, so far: what is sent back must never be a page.
  const isHandshake = query.get('hub.mode') === 'subscribe' && /^[\w-]{1,200}$/.test(challenge);
  return isHandshake ? { kind: 'handshake', body: challenge } : { kind: 'malformed' };
}

/** `{"entry": [{"changes": [{"value": {"statuses": […]}}]}]}`: up to a thousand updates in one call. */
function readReceipts({ headers, body }: ReceiptRequest, appSecret: string): ReceiptReading {
  const expected = `sha256=${hmac('sha256', appSecret, [body], 'hex')}`;
  if (!sameSecret(headers['x-hub-signature-256'], expected)) return { kind: 'forged' };
  const entries = jsonObject(body.toString('utf8'))?.['entry'];
  if (!Array.isArray(entries)) return { kind: 'malformed' };
  const values = entries.flatMap((entry) => objectsOf(entry, 'changes')).map((change) => change['value']);
  const statuses = values.flatMap((value) => objectsOf(value, 'statuses')).slice(0, MAX_RECEIPTS);
  return { kind: 'receipts', receipts: statuses.flatMap((status) => receiptOf(status) ?? []) };
}

const stateOf = vocabulary<ReceiptState>({
  sent: ['sent'],
  // Whoever was looking when it came is only reported to have read it.
  delivered: ['delivered', 'read'],
  undelivered: ['failed'],
});

/** That somebody deleted it, which says nothing of whether it arrived. */
const NO_STATE = 'deleted';

/** Null for what is no state of a message to one person. */
function receiptOf(status: Readonly<Record<string, unknown>>): SmsReceipt | null {
  const word = status['status'];
  const code = reasonOfCode(firstObject(status['errors'])?.['code']);
  const told = word === NO_STATE ? null : toldBy({ word, known: stateOf(word), code });
  const id = idText(status['id']);
  if (!told || !id) return null;
  const clientReference = idText(status['biz_opaque_callback_data']);
  return { reference: referenceOf(id), clientReference, ...told };
}

function objectsOf(holder: unknown, key: string): Record<string, unknown>[] {
  const list: unknown = isObject(holder) ? holder[key] : null;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function firstObject(list: unknown): Readonly<Record<string, unknown>> | null {
  const first: unknown = Array.isArray(list) ? list[0] : null;
  return isObject(first) ? first : null;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_none, index) => from + index);
}
