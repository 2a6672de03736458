/**
 * How an HTTP answer, or its absence, is read when the gateway's own documents say nothing more precise.
 * Shared by the gateway files, which put their vendor's error table in front of it.
 */
import { HttpError } from '../../common/outbound/http-client';
import type { HttpClient, HttpRequest, HttpResponse } from '../../common/outbound/http-client';
import type { RejectReason, SmsOutcome } from '../gateway';

/**
 * Only what no number and no text can cause is about the account or the gateway. A 403 or 404 may mean either: a
 * key without a right, or a destination that this account does not serve.
 */
const REASON_BY_STATUS: Readonly<Record<number, RejectReason>> = {
  // Told to ask elsewhere: this address took nothing. 303 is absent, as it may follow an accepted POST.
  301: 'unavailable',
  302: 'unavailable',
  307: 'unavailable',
  308: 'unavailable',
  401: 'unauthorized',
  402: 'no-credit',
  407: 'unauthorized',
  413: 'content',
  429: 'rate-limited',
  451: 'blocked',
};

/**
 * The outcome by status alone. 2xx is accepted; every other 4xx is a refusal of this message (`refused`); what is
 * left (5xx, 1xx, odd 3xx) is `unknown`: a 5xx is often written by something in front of a gateway that did take the
 * text, or by the gateway after it did.
 */
export function outcomeOfStatus(status: number): SmsOutcome {
  const vendorCode = String(status);
  if (status >= 200 && status < 300) return { outcome: 'accepted' };
  const reason = REASON_BY_STATUS[status] ?? (status >= 400 && status < 500 ? 'refused' : undefined);
  return reason ? { outcome: 'rejected', reason, vendorCode } : { outcome: 'unknown', vendorCode };
}

/**
 * What a gateway file read from an answer, except that a 5xx is `unknown` whatever its body says: a refusal there
 * would send the text twice to people whose application chose `onUnknown: wait`.
 */
export function judged(status: number, read: SmsOutcome): SmsOutcome {
  if (status < 500) return read;
  const vendorCode = read.outcome === 'accepted' ? undefined : read.vendorCode;
  return { outcome: 'unknown', vendorCode: vendorCode ?? String(status) };
}

/** The outcome of a call without an answer: refused only when it is certain that the gateway saw nothing. */
function outcomeOfFailure(error: unknown): SmsOutcome {
  if (!(error instanceof HttpError)) return { outcome: 'unknown' };
  return error.sent ? { outcome: 'unknown' } : { outcome: 'rejected', reason: 'unavailable' };
}

/**
 * Calls and lets `read` judge the answer, a 5xx apart; a failure is judged by whether anything was sent. What the
 * answer says in `Retry-After` is added to a `rate-limited` outcome.
 */
export async function callGateway(
  http: HttpClient,
  request: HttpRequest,
  read: (response: HttpResponse) => SmsOutcome,
): Promise<SmsOutcome> {
  try {
    const response = await http.request(request);
    return withRetryAfter(judged(response.status, read(response)), response);
  } catch (error) {
    return outcomeOfFailure(error);
  }
}

function withRetryAfter(outcome: SmsOutcome, { headers }: HttpResponse): SmsOutcome {
  if (outcome.outcome !== 'rejected' || outcome.reason !== 'rate-limited') return outcome;
  const retryAfterMs = outcome.retryAfterMs ?? secondsAsMs(headers['retry-after']);
  return retryAfterMs === undefined ? outcome : { ...outcome, retryAfterMs };
}

/** Whole seconds; the other form of RFC 9110 §10.2.3, a date, was seen at no gateway. At most 99,999 s. */
function secondsAsMs(value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) * 1_000 : undefined;
}

/** An id as gateways give it, text or number; undefined for anything else. */
export function idText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
