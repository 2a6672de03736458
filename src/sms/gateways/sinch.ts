import { z } from 'zod';
import type { HttpResponse } from '../../common/outbound/http-client';
import { isObject, jsonObject } from '../../common/json-object';
import { callGateway, idText, outcomeOfStatus } from '../protocols/gateway-answer';
import { hmac, isRecent, sameSecret } from '../protocols/signing/signature';
import { toldBy } from '../protocols/receipt-words';
import type { Told } from '../protocols/receipt-words';
import { vocabulary } from '../protocols/vocabulary';
import { allowedSendersSetting, sendersFor, sendersSetting, type WithSenders } from '../protocols/senders';
import { defineGateway } from '../gateway';
import type { RejectReason, SmsMessage, SmsOutcome } from '../gateway';
import { MAX_RECEIPTS, REPLAY_WINDOW_MS } from '../receipt';
import { validityField, validSeconds } from '../validity';
import type { ReceiptReading, ReceiptRequest, ReceiptState, SmsReceipt, UndeliveredReason } from '../receipt';

/** Sinch SMS API (XMS, `POST /xms/v1/{service plan}/batches`): one batch per text. */
const config = z.strictObject({
  servicePlanId: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'must be letters and digits')
    .describe('Service plan id'),
  apiToken: z.string().min(1).describe('API token of the service plan').meta({ secret: true }),
  region: z
    .enum(['us', 'eu', 'br', 'ca', 'au'])
    .default('us')
    .describe('Where the service plan is kept; without meaning when BASE_URL is set'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of the API; without it, that of the region'),
  from: sendersSetting(
    /^(\+?\d{3,15}|(?=.*[A-Za-z])[ -~]{1,11})$/,
    'must be a number or up to 11 letters and digits',
  )
    .optional()
    .describe(
      'Sender: number, short code or up to 11 letters and digits; without it, that of the service plan',
    ),
  allowedSenders: allowedSendersSetting(),
  webhookSecret: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Secret that Sinch signs receipts with; without it, the secret in their address is all there is',
    )
    .meta({ secret: true }),
});
type Config = z.infer<typeof config>;
const SENDERS = { sms: 'from' } as const;

/** A time of day; three days are Sinch's own choice. */
const EXPIRE_AT = validityField('expire_at', 1, 259_200);

export default defineGateway({
  name: 'sinch',
  validity: { sms: EXPIRE_AT },
  limits: { maxCharacters: 1_600 },
  docs: {
    title: 'Sinch SMS API',
    verified:
      'Over real sockets against an emulator of the documented answers, fields and codes compared with the vendor’s ' +
      'reference and SDKs; not against a live account. Codes below 400 in receipts are those of the operator and ' +
      'not told apart; that the timestamp of a signature is in seconds was taken from the vendor’s samples.',
    receipts:
      'Nothing to set up: each text carries its own address (`callback_url`). Sinch signs them (HMAC-SHA256) once a ' +
      'secret has been agreed for the service plan; set it as `WEBHOOK_SECRET`, and receipts without a valid ' +
      'signature are refused.',
  },
  config,
  senders: SENDERS,
  create: (settings, { http }) => {
    const { servicePlanId, apiToken, region, baseUrl, webhookSecret } = settings;
    const base = baseUrl?.replace(/\/+$/, '') ?? `https://${region}.sms.api.sinch.com`;
    const url = `${base}/xms/v1/${servicePlanId}/batches`;
    const headers = { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' };
    return {
      send: (message, signal) => {
        const body = JSON.stringify(batchOf(message, sendersFor(settings, SENDERS, message)));
        return callGateway(http, { method: 'POST', url, headers, body, signal }, readAnswer);
      },
      readReceipts: (request) =>
        webhookSecret === undefined || isSigned(request, webhookSecret)
          ? readReceipts(request)
          : { kind: 'forged' },
    };
  },
});

function batchOf(message: SmsMessage, { from }: WithSenders<Config, 'from'>): Record<string, unknown> {
  const { to, text, clientReference, receiptUrl } = message;
  return {
    type: 'mt_text',
    from,
    to: [to],
    body: text,
    // Each state as it comes, with a code; `summary` and `full` come once, at the end.
    delivery_report: receiptUrl === null ? 'none' : 'per_recipient',
    callback_url: receiptUrl ?? undefined,
    client_reference: clientReference,
    expire_at: new Date(Date.now() + validSeconds(message, EXPIRE_AT) * 1_000).toISOString(),
  };
}

function readAnswer(response: HttpResponse): SmsOutcome {
  const answer = jsonObject(response.body);
  const outcome = outcomeOfStatus(response.status);
  if (outcome.outcome === 'rejected') return { ...outcome, ...refusalOf(response.status, answer?.['code']) };
  if (outcome.outcome === 'unknown') return outcome;
  const reference = idText(answer?.['id']);
  return reference
    ? { outcome: 'accepted', reference }
    : { outcome: 'unknown', vendorCode: String(response.status) };
}

/** Codes that come with 400 and 403; what of the request is meant, Sinch says in prose only. */
const reasonOfCode = vocabulary<RejectReason>({
  refused: [
    'syntax_invalid_json',
    'syntax_invalid_parameter_format', // also a number of the wrong form
    'syntax_constraint_violation',
    'illegal_number_type', // not for the region that the service plan is kept in
  ],
  unavailable: ['unknown_group', 'unknown_campaign', 'missing_callback_url'],
  'no-credit': ['blocked_account'], // mostly
});

/** The address holds the service plan and nothing of the message. */
const NO_SERVICE_PLAN = 404;

/** With these two statuses comes a code that is a word; the rest is said by the status. */
function refusalOf(status: number, code: unknown): { reason?: RejectReason; vendorCode?: string } {
  if (status === NO_SERVICE_PLAN) return { reason: 'unavailable' };
  const reason = status === 400 || status === 403 ? reasonOfCode(code) : undefined;
  return reason ? { reason, vendorCode: String(code) } : {};
}

const HEADER = 'x-sinch-webhook-signature';

/** Base64 of HMAC-SHA256 over body, nonce and timestamp (seconds), with dots between. */
function isSigned({ headers, body, now }: ReceiptRequest, secret: string): boolean {
  const [given, nonce, timestamp] = [HEADER, `${HEADER}-nonce`, `${HEADER}-timestamp`].map(
    (name) => headers[name],
  );
  if (!nonce || !timestamp || !/^\d{1,12}$/.test(timestamp)) return false;
  const expected = hmac('sha256', secret, [body, '.', nonce, '.', timestamp]);
  return sameSecret(given, expected) && isRecent(Number(timestamp) * 1_000, now, REPLAY_WINDOW_MS);
}

const stateOfWord = vocabulary<ReceiptState>({
  accepted: ['queued'],
  sent: ['dispatched'],
  delivered: ['delivered'],
  undelivered: ['aborted', 'cancelled', 'rejected', 'deleted', 'failed', 'expired'],
  // Handed to the operator, which never reported, or not in a way that was understood.
  unknown: ['unknown'],
});

const reasonOfReceiptCode = vocabulary<UndeliveredReason>({
  unavailable: [
    402, // unroutable
    403, // internal error
    404, // temporary failure before the operator
    405, // a parameter of the text without a value
    408, // rejected before it reached the operator
    410, // no default sender for this country
    412, // service plan not provisioned for this region
  ],
  expired: [406], // before it reached the operator
  content: [
    411, // more parts than allowed
    414, // this and the rest: MMS only
    415,
    416,
    418,
  ],
  'no-credit': [413], // account blocked, potentially out of credits
  unreachable: [417], // MMS only
});

/** By word alone, when the code is the operator's own or says nothing. */
const reasonOfWord = vocabulary<UndeliveredReason>({ expired: ['expired'], unavailable: ['rejected'] });

/** About one recipient, or a summary of the batch: ours holds one recipient, so both are about the same text. */
function readReceipts({ body }: ReceiptRequest): ReceiptReading {
  const report = jsonObject(body.toString('utf8'));
  const type = report?.['type'];
  if (!report || typeof type !== 'string') return { kind: 'malformed' };
  // Replies of people come to the same address, when it is set for the whole service plan.
  if (!type.includes('delivery_report_sms')) return { kind: 'receipts', receipts: [] };
  const about = aboutOf(report);
  const entries = type === 'delivery_report_sms' ? report['statuses'] : [report];
  if (!about || !Array.isArray(entries)) return { kind: 'malformed' };
  const states = entries.slice(0, MAX_RECEIPTS).map(stateOf);
  const receipts = states.flatMap((state) => (state ? [{ ...about, ...state }] : []));
  return receipts.length < states.length ? { kind: 'malformed' } : { kind: 'receipts', receipts };
}

function aboutOf(report: Readonly<Record<string, unknown>>): Partial<SmsReceipt> | null {
  const reference = idText(report['batch_id']);
  if (reference === undefined) return null;
  const count = report['number_of_message_parts'];
  const parts = typeof count === 'number' && Number.isInteger(count) && count > 0 ? count : undefined;
  return { reference, clientReference: idText(report['client_reference']), parts };
}

function stateOf(entry: unknown): Told | null {
  const { status, code } = isObject(entry) ? entry : {};
  const word = typeof status === 'string' ? status.toLowerCase() : '';
  const reason = reasonOfReceiptCode(code) ?? reasonOfWord(word);
  return toldBy({ word, known: stateOfWord(word), code: reason });
}
