import { z } from 'zod';
import type { HttpResponse } from '../../common/http/http-client';
import { callGateway, idText, jsonObject, outcomeOfStatus } from '../wire/gateway-answer';
import { smsSize } from '../wire/gsm7';
import { defineSmsProvider } from '../sms-provider';
import type { RejectReason, SmsMessage, SmsOutcome } from '../sms-provider';

/**
 * LabsMobile, JSON API v2.5 (`POST /json/send`), as documented at apidocs.labsmobile.com. Not verified against a
 * live account: that flags are understood as `"1"` (the vendor's samples write them so), and the codes that the
 * documents do not explain (they fail over as `unavailable`).
 */
const config = z.strictObject({
  username: z.string().min(1).describe('E-mail address of the account'),
  token: z.string().min(1).describe('API token, from the API settings of the account').meta({ secret: true }),
  from: z
    .string()
    .regex(/^(\d{1,14}|[A-Za-z0-9]{1,11})$/, 'must be up to 14 digits or up to 11 letters and digits')
    .optional()
    .describe('Sender: up to 14 digits or 11 letters and digits; without it, that of the account'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://api.labsmobile.com')
    .describe('Address of the API'),
  test: z.stringbool().default(false).describe('True: texts are simulated, not sent and not charged'),
});

/** Codes in the answer. 10, 11, 24, 28 and 39 would be a mistake in this file: another gateway may still do. */
const REASON_BY_CODE: Readonly<Record<string, RejectReason>> = {
  10: 'unavailable', // request data missing
  11: 'unavailable', // request data malformed
  20: 'content', // message element missing
  21: 'content', // message empty
  23: 'invalid-number', // no recipients: the one we named was not taken for one
  24: 'unavailable', // too many recipients
  27: 'content', // character outside the alphabet
  28: 'unavailable', // subid too long
  30: 'unavailable', // error while sending
  35: 'no-credit',
  39: 'unavailable', // scheduled time malformed
};

const GSM7_SINGLE = 160;
const SUBID_BYTES = 10;

export default defineSmsProvider({
  name: 'labsmobile',
  docs: {
    title: 'LabsMobile',
    verified: 'Over real sockets against an emulator of the documented answers; not against a live account.',
    receipts: 'None yet.',
  },
  config,
  create: ({ username, token, from, baseUrl, test }, { http }) => {
    const url = `${baseUrl.replace(/\/+$/, '')}/json/send`;
    const headers = {
      authorization: `Basic ${Buffer.from(`${username}:${token}`).toString('base64')}`,
      'content-type': 'application/json',
    };
    return {
      send: (message, signal) => {
        const body = JSON.stringify({ ...requestOf(message), tpoa: from, test: test ? '1' : undefined });
        return callGateway(http, { method: 'POST', url, headers, body, signal }, readAnswer);
      },
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
  };
}

/**
 * The client reference: at most 20 characters, ours have 22. The first 10 of the id's 16 random bytes as
 * hexadecimal, because the vendor does not say whether `-` and `_` are allowed; 80 random bits stay unique, and
 * a receipt finds the delivery by the same rule.
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
  const fallback = byStatus.outcome === 'rejected' ? byStatus.reason : 'unavailable';
  return { outcome: 'rejected', reason: REASON_BY_CODE[code] ?? fallback, vendorCode: code };
}
