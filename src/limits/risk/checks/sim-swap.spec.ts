import { httpRiskCheckContract } from '../../../testing/contracts/http-risk-check.contract';
import { aRiskCall, checkTools } from '../../../testing/contracts/risk-call';
import { GatewayEmulator } from '../../../testing/fakes/gateway-emulator';
import { HttpError, type HttpRequest } from '../../../common/outbound/http-client';
import type { RiskVerdict } from '../check';
import simSwap from './sim-swap';

const problem = (status: number, code: string) => ({ status, code, message: 'about +34600987123' });
const unknown = (reason: string) => ({ verdict: 'unknown', reason }) as RiskVerdict;
const credentials = { clientId: 'id:with/signs', clientSecret: 'sim-secret-canary' };

/** An operator that answers each call in turn. */
function anOperator(answers: (request: HttpRequest) => { status: number; body: object }) {
  const seen: HttpRequest[] = [];
  const request = async (asked: HttpRequest) => {
    seen.push(asked);
    const { status, body } = answers(asked);
    return { status, headers: {}, body: JSON.stringify(body) };
  };
  return { seen, http: { request } };
}

const isToken = ({ url }: HttpRequest) => url.endsWith('/token');
const settings = {
  baseUrl: 'https://op.example/sim-swap/v2/',
  tokenUrl: 'https://op.example/token',
  ...credentials,
};
const ask = (check: ReturnType<typeof simSwap.create>, country = 'ES') =>
  check.check(aRiskCall({ country }), AbortSignal.timeout(1_000));

describe('sim-swap', () => {
  let tokens: GatewayEmulator;
  beforeAll(async () => {
    tokens = await GatewayEmulator.start();
    tokens.answer(200, { access_token: 'access-token-canary', token_type: 'Bearer', expires_in: 3_600 });
  });
  afterAll(() => tokens.stop());

  httpRiskCheckContract({
    definition: simSwap,
    settings: (baseUrl) => ({
      baseUrl: `${baseUrl}/sim-swap/v2`,
      tokenUrl: `${tokens.url}/token`,
      ...credentials,
    }),
    secrets: ['sim-secret-canary', credentials.clientId],
    answer: null,
    yes: { swapped: false },
    answers: [
      ['a new SIM card', 200, { swapped: true }, { verdict: 'deny', reason: 'swapped' }],
      ['a number it does not know', 404, problem(404, 'IDENTIFIER_NOT_FOUND'), unknown('not_covered')],
      ['a number it serves not', 422, problem(422, 'SERVICE_NOT_APPLICABLE'), unknown('not_covered')],
      ['a token without the right', 403, problem(403, 'PERMISSION_DENIED'), unknown('unauthorized')],
      ['a period it does not look back', 400, problem(400, 'OUT_OF_RANGE'), unknown('strange_answer')],
      ['a token that is over', 401, problem(401, 'UNAUTHENTICATED'), unknown('unauthorized')],
      ['too many calls', 429, problem(429, 'TOO_MANY_REQUESTS'), unknown('rate_limited')],
    ],
    lies: [{ swapped: 'false' }, { swapped: null }, { swapped: 0 }, {}],
    tellsNumber: true,
  });

  it('asks with a token of its own, and asks for that once', async () => {
    const { seen, http } = anOperator((asked) =>
      isToken(asked)
        ? { status: 200, body: { access_token: 'tok', expires_in: 60 } }
        : { status: 200, body: { swapped: false } },
    );
    let now = 0;
    const clock = { now: () => 0, monotonic: () => now };
    const check = simSwap.create(
      simSwap.config.parse({ ...settings, maxAgeHours: '72' }),
      checkTools({ http, clock }),
    );
    await Promise.all([ask(check), ask(check), ask(check)]);
    expect(seen.filter(isToken)).toHaveLength(1);
    const [token, first] = seen;
    expect(Object.fromEntries(new URLSearchParams(token?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'sim-swap:check',
    });
    expect(token?.headers?.['authorization']).toBe(
      `Basic ${Buffer.from('id%3Awith%2Fsigns:sim-secret-canary').toString('base64')}`,
    );
    expect(first).toMatchObject({
      url: 'https://op.example/sim-swap/v2/check',
      headers: { authorization: 'Bearer tok' },
    });
    expect(JSON.parse(first?.body ?? '')).toEqual({ phoneNumber: '+34600987123', maxAge: 72 });
    // Half a minute before its end it is not used any more.
    now = 30_001;
    await ask(check);
    expect(seen.filter(isToken)).toHaveLength(2);
  });

  // Catches: a token that was withdrawn and is shown for the rest of its life.
  it('asks for another token when one is not believed', async () => {
    let refused = true;
    const { seen, http } = anOperator((asked) => {
      if (isToken(asked)) return { status: 200, body: { access_token: 'tok', expires_in: 3_600 } };
      return refused ? { status: 401, body: {} } : { status: 200, body: { swapped: false } };
    });
    const check = simSwap.create(simSwap.config.parse(settings), checkTools({ http }));
    expect(await ask(check)).toEqual(unknown('unauthorized'));
    refused = false;
    expect(await ask(check)).toEqual({ verdict: 'allow' });
    expect(seen.filter(isToken)).toHaveLength(2);
  });

  it.each([
    [400, { error: 'invalid_client' }, 'unauthorized'],
    [429, {}, 'rate_limited'],
    [500, {}, 'failed'],
    [200, { access_token: 'with\r\nbreak: yes' }, 'strange_answer'],
    [200, { access_token: 7 }, 'strange_answer'],
  ])('comes to no verdict without a token, and asks about no number: %i %j', async (status, body, reason) => {
    const { seen, http } = anOperator(() => ({ status, body }));
    const check = simSwap.create(simSwap.config.parse(settings), checkTools({ http }));
    expect(await ask(check)).toEqual(unknown(reason));
    expect(seen.filter((asked) => !isToken(asked))).toEqual([]);
  });

  it('comes to no verdict when nobody gives tokens', async () => {
    const http = { request: () => Promise.reject(new HttpError('connect', false)) };
    const check = simSwap.create(simSwap.config.parse(settings), checkTools({ http }));
    expect(await ask(check)).toEqual(unknown('unreachable'));
  });

  it('asks only about numbers of the countries that it is for', async () => {
    const { seen, http } = anOperator(() => ({ status: 500, body: {} }));
    const check = simSwap.create(
      simSwap.config.parse({ ...settings, countries: 'de, AT' }),
      checkTools({ http }),
    );
    expect(await ask(check, 'ES')).toEqual({ verdict: 'allow' });
    expect(seen).toEqual([]);
    expect(await ask(check, 'AT')).toMatchObject({ verdict: 'unknown' });
  });

  it.each(['0', '2401', '-1', '1.5', 'x'])('refuses to look back %s hours', (maxAgeHours) => {
    expect(simSwap.config.safeParse({ ...settings, maxAgeHours }).success).toBe(false);
  });
});
