import { z } from 'zod';
import { defineRiskCheck, type RiskCall, type RiskVerdict, type UnknownReason } from '../check';
import { askService, unknown, type JsonAnswer } from '../protocols/ask';
import { AccessTokens } from '../protocols/client-credentials';

const address = () => z.url({ protocol: /^https?$/ });
const MAX_AGE_HOURS = 'must be a whole number of hours from 1 to 2400';

/** CAMARA SIM Swap 2.1: `POST /check` with a two-legged token. */
const config = z.strictObject({
  baseUrl: address().describe(
    'Address of the API with its version, e.g. https://api.example.com/sim-swap/v2',
  ),
  tokenUrl: address().describe('Where access tokens are given out (OAuth 2.0 client credentials)'),
  clientId: z.string().min(1).describe('Client id'),
  clientSecret: z.string().min(1).describe('Client secret').meta({ secret: true }),
  scope: z.string().min(1).default('sim-swap:check').describe('Scope to ask for'),
  maxAgeHours: z
    .string()
    .regex(/^\d{1,4}$/, MAX_AGE_HOURS)
    .transform(Number)
    .refine((hours) => hours >= 1 && hours <= 2_400, MAX_AGE_HOURS)
    .default(240)
    .describe('How many hours a new SIM card counts as swapped; operators may allow fewer'),
  countries: z
    .string()
    .transform((text) => text.toUpperCase().split(/[\s,]+/))
    .pipe(z.array(z.string().regex(/^[A-Z]{2}$/, 'must be countries with commas between them, e.g. ES,DE')))
    .optional()
    .describe('Countries whose numbers are asked about; the numbers of others pass. Without it, all are'),
});
type Config = z.infer<typeof config>;

/** What operators answer about a number that they cannot tell anything about. */
const NOT_COVERED: readonly unknown[] = [
  'NOT_FOUND',
  'IDENTIFIER_NOT_FOUND',
  'SERVICE_NOT_APPLICABLE',
  'UNSUPPORTED_IDENTIFIER',
  'SIM_SWAP.UNKNOWN_PHONE_NUMBER',
];
const REFUSED: readonly unknown[] = ['PERMISSION_DENIED', 'INVALID_TOKEN_CONTEXT', 'UNAUTHENTICATED'];

export default defineRiskCheck({
  name: 'sim-swap',
  asksThePerson: false,
  docs: {
    title: 'SIM swap (CAMARA)',
    does:
      'Asks the operator whether the number moved to another SIM card of late, and denies then: no challenge helps ' +
      'against a person who holds the number. The operator gets the number. In many countries the law asks for the ' +
      'consent of its owner.',
    verified:
      'Over real sockets against an emulator of the documented answers (SIM Swap 2.1); not against an operator. ' +
      'Operators that give tokens only for one number (three-legged, CIBA) are not supported.',
  },
  config,
  create: (settings, { http, clock }) => {
    const tokens = new AccessTokens(settings, http, clock);
    const url = `${settings.baseUrl.replace(/\/+$/, '')}/check`;
    return {
      check: async (call, signal) => {
        if (!isAskedAbout(call, settings)) return { verdict: 'allow' };
        const token = await tokens.get(signal);
        if (!token.ok) return unknown(token.reason);
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${token.token}` };
        const body = JSON.stringify({ phoneNumber: call.number, maxAge: settings.maxAgeHours });
        const verdict = await askService(http, { method: 'POST', url, headers, body, signal }, readAnswer);
        if (verdict.verdict === 'unknown' && verdict.reason === 'unauthorized') tokens.forget(token);
        return verdict;
      },
    };
  },
});

function isAskedAbout({ country }: RiskCall, { countries }: Config): boolean {
  return countries === undefined || (country !== null && countries.includes(country));
}

function readAnswer({ status, body }: JsonAnswer): RiskVerdict | null {
  if (status >= 300) return unknown(reasonOf(body['code']));
  if (body['swapped'] === true) return { verdict: 'deny', reason: 'swapped' };
  return body['swapped'] === false ? { verdict: 'allow' } : null;
}

function reasonOf(code: unknown): UnknownReason {
  if (NOT_COVERED.includes(code)) return 'not_covered';
  return REFUSED.includes(code) ? 'unauthorized' : 'strange_answer';
}
