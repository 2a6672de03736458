import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { HttpResponse } from '../../common/outbound/http-client';
import { parseMoney, type Money } from '../../common/money';
import { askGateway, balanceOf } from '../protocols/ask-gateway';
import { jsonObject } from '../../common/json-object';
import { callGateway, outcomeOfStatus } from '../protocols/gateway-answer';
import { baseUrlSetting } from '../../common/outbound/base-url';
import { isRecent } from '../protocols/signing/signature';
import { toldBy } from '../protocols/receipt-words';
import { asRejectReason, vocabulary, type FailureReason } from '../protocols/vocabulary';
import {
  allowedSendersSetting,
  everySender,
  sendersFor,
  sendersSetting,
  type WithSenders,
} from '../protocols/senders';
import { defineGateway } from '../gateway';
import type { SmsMessage, SmsOutcome } from '../gateway';
import type { SenderList } from '../senders/sender';
import { REPLAY_WINDOW_MS } from '../receipt';
import type { ReceiptReading, ReceiptRequest, ReceiptState, SmsReceipt } from '../receipt';

/** Number, short code, or up to 11 characters with a letter among them. */
const SENDER = /^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/;

/** For every country. */
const areNumbers = (list: SenderList = []): boolean =>
  everySender(list) && list.every(({ from }) => /^\+?\d+$/.test(from));

/** Messaging API v2. */
const config = z
  .strictObject({
    apiKey: z.string().min(1).describe('API key (v2), KEY…').meta({ secret: true }),
    publicKey: z
      .string()
      .regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64, as the portal shows it')
      .optional()
      .describe('Public key of the account, from the portal; with it the signature of receipts is verified'),
    from: sendersSetting(
      SENDER,
      'must be a number with plus, a short code, or up to 11 characters with a letter',
    )
      .optional()
      .describe(
        'Sender: number, short code, or up to 11 characters with a letter; without it, the number pool',
      ),
    allowedSenders: allowedSendersSetting(),
    messagingProfileId: z
      .uuid()
      .optional()
      .describe('Messaging profile; needed for a sender of letters, or without a sender'),
    baseUrl: baseUrlSetting('https://api.telnyx.com'),
  })
  .refine((set) => set.messagingProfileId !== undefined || areNumbers(set.from), {
    path: ['messagingProfileId'],
    error: 'must be set for a sender of letters, and without a sender',
  });
type Config = z.infer<typeof config>;
const SENDERS = { sms: 'from' } as const;

/**
 * Codes of refusals (1…, 2…, 403…) and of what did not arrive (400…). What is not listed is judged by status, or
 * `unknown` in a receipt.
 */
const reasonOfCode = vocabulary<FailureReason>({
  unauthorized: [10009, 10010],
  'no-credit': [20100],
  'rate-limited': [10011, 40011, 40318], // 40318: queue full
  'invalid-number': [10002, 10016, 40001, 40012, 40310],
  'opted-out': [40300],
  content: [40002, 40007, 40009, 40015, 40302, 40316, 40322, 40328], // spam filters, loop, body, size
  expired: [40005, 40014],
  unreachable: [40008],
  // Our request; carrier; sender, profile, region or registration, with this destination if not with others.
  refused: [
    ...[10001, 10004, 10015, 40003, 40006, 40010, 40013, 40100, 40150, 40151, 40301, 40304, 40305, 40306],
    ...[40308, 40309, 40311, 40312, 40313, 40314, 40315, 40317, 40319, 40320, 40321, 40329, 40333],
  ],
  // With every number alike: address of receipts, messaging profile.
  unavailable: [10003, 10005, 10006],
});

/** The account has a queue as well, which holds five hundred times as much as that of a number or name. */
const QUEUE_FULL = '40318';
/** Unexpected error and time-out of the vendor: nobody knows whether the text was taken, whatever the status says. */
const DOUBTFUL: readonly string[] = ['10007', '10008'];

const stateOfWord = vocabulary<ReceiptState>({
  accepted: ['queued'],
  sent: ['sending', 'sent'],
  delivered: ['delivered', 'read'],
  undelivered: ['expired', 'sending_failed', 'delivery_failed'],
  unknown: ['delivery_unconfirmed'],
});

export default defineGateway({
  name: 'telnyx',
  validity: {
    sms: { none: 'Telnyx takes no limit per text: one that hangs may arrive after its code has died.' },
  },
  docs: {
    title: 'Telnyx',
    verified:
      'Over real sockets against an emulator of the documented answers; shapes and signature compared with ' +
      "Telnyx' own library 7.24; not against a live account. Codes are those of its published lists; 40333 and " +
      'later ones are not explained there. There is no price list to fetch: import a price book.',
    receipts:
      'Nothing to set up: each text carries its own address (`webhook_url`); those of the messaging profile are not ' +
      'called for it. With `PUBLIC_KEY`, the Ed25519 signature over time and content is verified, five minutes ' +
      'either way; without it, the secret in the address is all there is.',
  },
  config,
  senders: SENDERS,
  create: (settings, { http }) => {
    const api = `${settings.baseUrl.replace(/\/+$/, '')}/v2`;
    const headers = { authorization: `Bearer ${settings.apiKey}`, 'content-type': 'application/json' };
    const key = settings.publicKey === undefined ? null : ed25519Key(settings.publicKey);
    return {
      send: (message, signal) => {
        const body = JSON.stringify(requestOf(message, sendersFor(settings, SENDERS, message)));
        return callGateway(
          http,
          { method: 'POST', url: `${api}/messages`, headers, body, signal },
          readAnswer,
        );
      },
      readReceipts: (request) => (key && !isSigned(request, key) ? { kind: 'forged' } : readEvent(request)),
      balance: async (signal) => {
        const answer = await askGateway(http, { method: 'GET', url: `${api}/balance`, headers, signal });
        const { balance, currency } = balanceSchema.parse(answer).data;
        return balanceOf(balance, currency);
      },
    };
  },
});

const balanceSchema = z.object({ data: z.object({ balance: z.unknown(), currency: z.unknown() }) });

function requestOf(
  { to, text, receiptUrl }: SmsMessage,
  { from, messagingProfileId }: WithSenders<Config, 'from'>,
): object {
  return {
    to,
    from,
    messaging_profile_id: messagingProfileId,
    text,
    type: 'SMS',
    webhook_url: receiptUrl ?? undefined,
    // Those are somebody else's: they would get texts with codes in them.
    use_profile_webhooks: false,
  };
}

/** Only what is read of it. What is optional may be missing, null or of another kind: then it is not told. */
const faultSchema = z.object({
  code: z.coerce.string().regex(/^\d{5}$/),
  source: z.object({ pointer: z.string() }).nullish().catch(null),
});
type Fault = z.infer<typeof faultSchema>;
const faultsSchema = z.array(faultSchema.nullable().catch(null)).catch([]);
const messageSchema = z.object({
  id: z.string().min(1),
  to: z.array(z.object({ status: z.unknown() })).catch([]),
  parts: z.number().int().positive().nullish().catch(null),
  cost: z.object({ amount: z.unknown(), currency: z.unknown() }).nullish().catch(null),
  errors: faultsSchema,
});
type Message = z.infer<typeof messageSchema>;

function readAnswer({ status, body }: HttpResponse): SmsOutcome {
  const answer = jsonObject(body) ?? {};
  const byStatus = outcomeOfStatus(status);
  if (byStatus.outcome === 'rejected') return refusal(faultsSchema.parse(answer['errors'])[0], byStatus);
  if (byStatus.outcome !== 'accepted') return byStatus;
  const message = messageSchema.safeParse(answer['data']).data;
  if (!message) return { outcome: 'unknown', vendorCode: String(status) };
  // Refused in the same breath, with the status of a success.
  if (stateOfWord(message.to[0]?.status) === 'undelivered') {
    return refusal(message.errors[0], { outcome: 'rejected', reason: 'refused' });
  }
  const { id: reference, parts } = message;
  return { outcome: 'accepted', reference, parts: parts ?? undefined, price: priceOf(message) };
}

function refusal(
  fault: Fault | null | undefined,
  byStatus: SmsOutcome & { outcome: 'rejected' },
): SmsOutcome {
  if (!fault) return byStatus;
  const { code: vendorCode, source } = fault;
  if (DOUBTFUL.includes(vendorCode)) return { outcome: 'unknown', vendorCode };
  const reason = asRejectReason(reasonOfCode(vendorCode) ?? byStatus.reason);
  // The same codes are used when it is our sender that is no number.
  const isSender = reason === 'invalid-number' && source?.pointer === '/from';
  const limitOf = vendorCode === QUEUE_FULL ? 'sender' : undefined;
  return { outcome: 'rejected', reason: isSender ? 'refused' : reason, vendorCode, limitOf };
}

function priceOf({ cost }: Message): Money | undefined {
  return (cost && parseMoney(cost.amount, cost.currency)) ?? undefined;
}

const eventSchema = z.object({ data: z.object({ event_type: z.string(), payload: z.unknown() }) });
const OURS: readonly string[] = ['message.sent', 'message.finalized'];

function readEvent({ body }: ReceiptRequest): ReceiptReading {
  const event = eventSchema.safeParse(jsonObject(body.toString('utf8'))).data?.data;
  if (!event) return { kind: 'malformed' };
  if (!OURS.includes(event.event_type)) return { kind: 'receipts', receipts: [] };
  const message = messageSchema.safeParse(event.payload).data;
  const receipt = message && receiptOf(message);
  return receipt ? { kind: 'receipts', receipts: [receipt] } : { kind: 'malformed' };
}

/** There is one recipient. */
function receiptOf(message: Message): SmsReceipt | null {
  const word = message.to[0]?.status;
  const code = reasonOfCode(message.errors[0]?.code);
  const otherwise = word === 'expired' ? 'expired' : undefined;
  const told = toldBy({ word, known: stateOfWord(word), code, otherwise });
  return (
    told && { reference: message.id, ...told, parts: message.parts ?? undefined, price: priceOf(message) }
  );
}

/** What stands before the 32 bytes of an Ed25519 key as SubjectPublicKeyInfo (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

function ed25519Key(base64: string): KeyObject {
  const key = Buffer.concat([SPKI_PREFIX, Buffer.from(base64, 'base64')]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

/** Seconds since 1970, a bar, then the body byte for byte. */
function isSigned({ headers, body, now }: ReceiptRequest, key: KeyObject): boolean {
  const time = headers['telnyx-timestamp'] ?? '';
  const given = headers['telnyx-signature-ed25519'] ?? '';
  if (!/^\d{1,12}$/.test(time) || !isRecent(Number(time) * 1_000, now, REPLAY_WINDOW_MS)) return false;
  const signature = Buffer.from(given, 'base64');
  // One signature has one spelling; the decoder passes over what is not base64.
  if (signature.toString('base64') !== given) return false;
  return verify(null, Buffer.concat([Buffer.from(`${time}|`), body]), key, signature);
}
