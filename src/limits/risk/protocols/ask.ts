/** How an answer of a risk service over HTTP is read, or its absence. */
import { jsonObject } from '../../../common/json-object';
import { HttpError, type HttpClient, type HttpRequest } from '../../../common/outbound/http-client';
import type { RiskVerdict, UnknownReason } from '../check';

export const unknown = (reason: UnknownReason): RiskVerdict => ({ verdict: 'unknown', reason });

export interface JsonAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** About our account, whatever the call holds. 403 is not among them: firewalls say it of what a body holds. */
const REASON_BY_STATUS: Readonly<Record<number, UnknownReason>> = {
  401: 'unauthorized',
  402: 'unauthorized',
  429: 'rate_limited',
};

/**
 * Asks and lets `read` judge a JSON object that came with a 2xx or 4xx; null from it: not as documented. A 5xx says
 * nothing, whatever its body says.
 */
export async function askService(
  http: HttpClient,
  request: HttpRequest,
  read: (answer: JsonAnswer) => RiskVerdict | null,
): Promise<RiskVerdict> {
  try {
    const { status, body } = await http.request(request);
    if (status >= 500) return unknown('failed');
    const ours = REASON_BY_STATUS[status];
    if (ours) return unknown(ours);
    const object = jsonObject(body);
    const verdict = object && isAnswer(status) ? read({ status, body: object }) : null;
    return verdict ?? unknown('strange_answer');
  } catch (error) {
    return unknown(whyNoAnswer(error));
  }
}

const isAnswer = (status: number): boolean => (status >= 200 && status < 300) || status >= 400;

export function whyNoAnswer(error: unknown): UnknownReason {
  if (!(error instanceof HttpError)) return 'failed';
  if (error.kind === 'timeout') return 'timeout';
  return error.kind === 'too_large' ? 'strange_answer' : 'unreachable';
}
