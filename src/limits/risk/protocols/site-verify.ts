/** The call by which captchas are verified; reCAPTCHA invented it, others speak it too. */
import { z } from 'zod';
import type { HttpClient } from '../../../common/outbound/http-client';
import type { RiskCall, RiskVerdict, StepUpReason, UnknownReason } from '../check';
import { askService, unknown } from './ask';

export const hostnamesSetting = () =>
  z
    .string()
    .transform((text) => text.toLowerCase().split(/[\s,]+/))
    .pipe(z.array(z.hostname('must be host names with commas between them, e.g. www.example.com')).min(1))
    .optional()
    .describe('Host names, with commas, of which one must have shown the challenge; without it, any');

/** One site at the vendor's. */
export interface VerifiedSite {
  readonly url: string;
  readonly secret: string;
  /** Those of which one must have shown the challenge. */
  readonly hostnames?: readonly string[] | undefined;
  /** What the answer must name besides, by the names of its fields. */
  readonly expected?: Readonly<Record<string, string | undefined>>;
  /** Further fields of the call. */
  readonly more?: Readonly<Record<string, string>>;
  /** Longest answer of a person that can be one. */
  readonly maxAnswer: number;
}

/**
 * Nothing else can be an answer. What the vendor or a firewall in front of it could choke on is never sent: a
 * failure of theirs that the person can bring about would be a way past the check.
 */
const TOKEN = /^[A-Za-z0-9._~+/=-]+$/;

/** About our account or the vendor. Every other code may have been brought about by the answer. */
const OUTAGES: ReadonlyMap<unknown, UnknownReason> = new Map([
  ['missing-input-secret', 'unauthorized'],
  ['invalid-input-secret', 'unauthorized'],
  ['invalid-sitekey', 'unauthorized'],
  ['internal-error', 'failed'],
]);
const FAULTS: ReadonlyMap<unknown, StepUpReason> = new Map([
  ['timeout-or-duplicate', 'used_answer'],
  ['already-seen-response', 'used_answer'],
  ['expired-input-response', 'late_answer'],
]);

const stepUp = (reason: StepUpReason): RiskVerdict => ({ verdict: 'step_up', reason });

export async function verifyAnswer(
  http: HttpClient,
  site: VerifiedSite,
  { answer, clientIp }: Pick<RiskCall, 'answer' | 'clientIp'>,
  signal: AbortSignal,
): Promise<RiskVerdict> {
  if (answer === null) return stepUp('no_answer');
  if (answer.length > site.maxAnswer || !TOKEN.test(answer)) return stepUp('wrong_answer');
  const form = new URLSearchParams({ secret: site.secret, response: answer, ...site.more });
  if (clientIp !== null) form.set('remoteip', clientIp);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const request = { method: 'POST', url: site.url, headers, body: form.toString(), signal } as const;
  return askService(http, request, ({ status, body }) => {
    if (body['success'] === false) return refusalOf(body['error-codes']);
    if (body['success'] !== true || status >= 300) return null;
    return isOurs(body, site) ? { verdict: 'allow' } : stepUp('wrong_answer');
  });
}

function refusalOf(codes: unknown): RiskVerdict {
  const all: unknown[] = Array.isArray(codes) ? codes : [];
  const first = <T>(known: ReadonlyMap<unknown, T>) => known.get(all.find((code) => known.has(code)));
  const outage = first(OUTAGES);
  return outage ? unknown(outage) : stepUp(first(FAULTS) ?? 'wrong_answer');
}

/** Answered at our site and in the place that was meant; the vendor says yes to anybody's who has the site key. */
function isOurs(
  body: Readonly<Record<string, unknown>>,
  { hostnames, expected = {} }: VerifiedSite,
): boolean {
  const hostname = body['hostname'];
  const isHere =
    hostnames === undefined || (typeof hostname === 'string' && hostnames.includes(hostname.toLowerCase()));
  const wanted = Object.entries(expected).filter(([, value]) => value !== undefined);
  return isHere && wanted.every(([field, value]) => body[field] === value);
}
