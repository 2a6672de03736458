import { GatewayEmulator } from '../../../src/testing/fakes/gateway-emulator';
import { newNumber, until, useEngine, wordFor, type Answer } from '../../support/engine';
import { solvePuzzle, type Challenge } from '../../support/solve-puzzle';

const engine = useEngine({ processes: 0 });
let captcha: GatewayEmulator;

beforeAll(async () => {
  captcha = await GatewayEmulator.start();
  const env = {
    RISK_PROOF_OF_WORK_DIFFICULTY: '8',
    RISK_PROOF_OF_WORK_MAX_DIFFICULTY: '8',
    RISK_TURNSTILE_SITE_KEY: 'public-site-key',
    RISK_TURNSTILE_SECRET: 'turnstile-secret-canary',
    RISK_TURNSTILE_BASE_URL: captcha.url,
  };
  await Promise.all([engine.add(env), engine.add(env)]);
}, 60_000);
afterAll(() => captcha.stop());

const ownPuzzle = { riskChecks: [{ check: 'proof-of-work' }] };
const turnstile = (onUnavailable: string) => ({ riskChecks: [{ check: 'turnstile', onUnavailable }] });
const challengeIn = ({ body }: Answer): Challenge => body['challenge'] as Challenge;

describe('a challenge of our own', () => {
  // Catches: a use that each process remembers for itself.
  it('is answered once, on whichever process, and then a code goes out', async () => {
    const shop = await engine.tenant(ownPuzzle);
    const to = newNumber();
    const asked = await shop.create({ to });
    expect(asked).toMatchObject({ status: 403, body: { code: 'challenge_required', reason: 'no_answer' } });
    expect(challengeIn(asked)).toMatchObject({ check: 'proof-of-work', parts: 16, bits: 4 });
    const body = { to, challenge: solvePuzzle(challengeIn(asked)) };
    const answers = await Promise.all([0, 1, 0, 1].map((on) => shop.create(body, { on })));
    expect(answers.map(wordFor).sort()).toEqual(['201', ...Array<string>(3).fill('403 challenge_required')]);
    expect(answers.filter(({ status }) => status === 403).map(({ body: { reason } }) => reason)).toEqual(
      Array(3).fill('used_answer'),
    );
    await engine.sink.waitForCode(to, 1);
    expect(engine.sink.sentTo(to)).toHaveLength(1);
  });

  it('is good for the number and purpose that it was made for', async () => {
    const shop = await engine.tenant(ownPuzzle);
    const to = newNumber();
    const challenge = solvePuzzle(challengeIn(await shop.create({ to, purpose: 'login' })));
    const others = [
      { to: newNumber(), purpose: 'login' },
      { to, purpose: 'payment' },
    ];
    for (const other of others)
      expect(await shop.create({ ...other, challenge })).toMatchObject({
        status: 403,
        body: { reason: 'wrong_answer' },
      });
    expect(wordFor(await shop.create({ to, purpose: 'login', challenge }, { on: 1 }))).toBe('201');
  });

  // Catches: an answer that makes a repeat another request, and a repeat that has to be answered for again.
  it('leaves a repeat with the same key the same request', async () => {
    const shop = await engine.tenant(ownPuzzle);
    const to = newNumber();
    const headers = { 'idempotency-key': 'one-sign-up' };
    const asked = await shop.create({ to }, { headers });
    const challenge = solvePuzzle(challengeIn(asked));
    const first = await shop.create({ to, challenge }, { headers });
    const repeats = [{ to, challenge }, { to }, { to, challenge: 'another' }];
    const answers = await Promise.all(repeats.map((body, on) => shop.create(body, { headers, on: on % 2 })));
    expect([first, ...answers].map(({ body: { id } }) => id)).toEqual(Array(4).fill(first.body['id']));
    expect(first.status).toBe(201);
  });

  it('is asked for at a create, never at a send of the pending verification', async () => {
    const shop = await engine.tenant({ ...ownPuzzle, policy: { cooldownSeconds: 5 } });
    const to = newNumber();
    const challenge = solvePuzzle(challengeIn(await shop.create({ to })));
    const { body } = await shop.create({ to, challenge });
    expect(wordFor(await shop.call(`POST /v1/verifications/${String(body['id'])}/sends`, {}))).toBe(
      '429 resend_too_soon',
    );
  });

  it('stands in the audit log with what was said of it', async () => {
    const shop = await engine.tenant(ownPuzzle);
    const to = newNumber();
    const challenge = solvePuzzle(challengeIn(await shop.create({ to })));
    const { body } = await shop.create({ to, challenge });
    const events = await until(async () => {
      const { body: page } = await shop.call('GET /v1/audit/events?limit=50');
      const all = page['data'] as {
        type: string;
        verificationId: string | null;
        data: Record<string, unknown>;
      }[];
      return (
        all.some(({ type }) => type === 'created') && all.some(({ type }) => type === 'access_denied') && all
      );
    });
    expect(
      events.find(({ verificationId, type }) => type === 'created' && verificationId === body['id'])?.data,
    ).toMatchObject({
      risk: 'proof-of-work:allowed',
    });
    expect(events.find(({ type }) => type === 'access_denied')?.data).toMatchObject({
      rule: 'risk.proof-of-work',
      code: 'challenge_required',
      outcome: 'challenged',
      because: 'no_answer',
      risk: 'proof-of-work:challenged:no_answer',
    });
    expect(JSON.stringify(events)).not.toContain(to.slice(4));
  });
});

describe('a challenge service', () => {
  it('is asked with the answer, and its word counts', async () => {
    const shop = await engine.tenant(turnstile('closed'));
    const to = newNumber();
    expect(challengeIn(await shop.create({ to }))).toEqual({
      check: 'turnstile',
      siteKey: 'public-site-key',
    });
    captcha.answer(200, { success: false, 'error-codes': ['invalid-input-response'] });
    expect(await shop.create({ to, challenge: 'forged' })).toMatchObject({
      status: 403,
      body: { reason: 'wrong_answer' },
    });
    captcha.answer(200, { success: true, hostname: 'shop.example' });
    expect(wordFor(await shop.create({ to, challenge: 'token', clientIp: '8.8.4.4' }))).toBe('201');
    expect(captcha.lastRequest.body).toBe('secret=turnstile-secret-canary&response=token&remoteip=8.8.4.4');
  });

  // Catches: a create that waits for as long as somebody else likes: its own deadline would answer 503 to both.
  it('that is silent is given up before the create is, and opens the door only where it may', async () => {
    const [closed, open] = await Promise.all([
      engine.tenant(turnstile('closed')),
      engine.tenant(turnstile('open')),
    ]);
    captcha.behave({ kind: 'hang' });
    const answers = await Promise.all(
      [closed, open].map((shop) => shop.create({ to: newNumber(), challenge: 'token' })),
    );
    expect(answers.map(wordFor)).toEqual(['503 unavailable', '201']);
    expect(answers[0]?.headers.get('retry-after')).toBe('1');
    for (const { stderr, stdout } of engine.apps)
      expect(stdout + stderr).not.toMatch(/turnstile-secret-canary|token/);
  });
});

describe('the risk checks of an application', () => {
  it('are refused with the remedy where this server cannot make them', async () => {
    const create = (riskChecks: object[]) =>
      engine.admin('POST /v1/applications', { name: 'Shop', settings: { riskChecks } });
    const refused = [
      await create([{ check: 'hcaptcha' }]),
      await create([{ check: 'turnstile' }, { check: 'proof-of-work' }]),
    ];
    expect(refused.map(wordFor)).toEqual(['400 invalid_request', '400 invalid_request']);
    expect(refused.map(({ body }) => body['errors'])).toMatchObject([
      [
        {
          path: 'settings.riskChecks.0.check',
          message: expect.stringContaining('it has proof-of-work, turnstile'),
        },
      ],
      [{ path: 'settings.riskChecks.1.check' }],
    ]);
  });

  // Catches: an address with a zone, of several hops or with a port, which would be counted as somebody of its own.
  it('hear of no client address that is none', async () => {
    const shop = await engine.tenant();
    for (const clientIp of [
      'fe80::1%eth0',
      '8.8.4.4, 10.0.0.1',
      '8.8.4.4:443',
      '[::1]',
      '08.8.4.4',
      'unknown',
    ])
      expect(await shop.create({ to: newNumber(), clientIp })).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'clientIp', message: 'Use an IPv4 or IPv6 address.' }] },
      });
  });
});
