import { httpRiskCheckContract } from '../../../testing/contracts/http-risk-check.contract';
import { aRiskCall, checkTools } from '../../../testing/contracts/risk-call';
import { GatewayEmulator } from '../../../testing/fakes/gateway-emulator';
import { UndiciHttpClient } from '../../../common/outbound/http-client.service';
import turnstile from './turnstile';

const TOKEN = '0.turnstile-answer-canary_Ab1-';
const yes = {
  success: true,
  challenge_ts: '2026-11-01T10:00:00.000Z',
  hostname: 'www.example.com',
  'error-codes': [],
  action: 'send-code',
  cdata: '',
  metadata: { interactive: false },
};
const no = (...codes: string[]) => ({ success: false, 'error-codes': codes, messages: [] });
const stepUp = (reason: 'wrong_answer' | 'used_answer') => ({ verdict: 'step_up', reason }) as const;

describe('turnstile', () => {
  httpRiskCheckContract({
    definition: turnstile,
    settings: (baseUrl) => ({
      siteKey: 'site-key',
      secret: 'turnstile-secret-canary',
      hostnames: 'example.com, WWW.example.com',
      action: 'send-code',
      baseUrl,
    }),
    secrets: ['turnstile-secret-canary', TOKEN],
    answer: TOKEN,
    yes,
    answers: [
      ['an answer that is none', 200, no('invalid-input-response'), stepUp('wrong_answer')],
      ['no answer', 200, no('missing-input-response'), stepUp('wrong_answer')],
      ['an answer that was used, or is too old', 200, no('timeout-or-duplicate'), stepUp('used_answer')],
      ['a wrong secret', 200, no('invalid-input-secret'), { verdict: 'unknown', reason: 'unauthorized' }],
      ['no secret', 400, no('missing-input-secret'), { verdict: 'unknown', reason: 'unauthorized' }],
      ['a failure of its own', 200, no('internal-error'), { verdict: 'unknown', reason: 'failed' }],
      // What the person can bring about is never an outage, which the application may have chosen to pass over.
      ['a request that it dislikes', 400, no('bad-request'), stepUp('wrong_answer')],
      ['a no without a reason', 200, { success: false }, stepUp('wrong_answer')],
      ['a code that nobody knows', 200, no('sunspots'), stepUp('wrong_answer')],
      ['an answer from another site', 200, { ...yes, hostname: 'evil.example' }, stepUp('wrong_answer')],
      ['an answer from another form', 200, { ...yes, action: 'search' }, stepUp('wrong_answer')],
    ],
    lies: [
      { ...yes, success: 'true' },
      { ...yes, success: 1 },
      { ...yes, success: undefined, ok: true },
      { ...yes, hostname: ['www.example.com'] },
      {},
    ],
    tellsNumber: false,
  });

  it('asks as documented, with the person’s address where there is one', async () => {
    const emulator = await GatewayEmulator.start();
    const http = new UndiciHttpClient({ allowPrivate: true });
    const settings = { siteKey: 'site-key', secret: 's3', baseUrl: `${emulator.url}/` };
    const check = turnstile.create(turnstile.config.parse(settings), checkTools({ http }));
    emulator.answer(200, yes);
    const ask = (clientIp: string | null) =>
      check.check(aRiskCall({ answer: TOKEN, clientIp }), AbortSignal.timeout(5_000));
    try {
      expect([await ask('203.0.113.7'), await ask(null)]).toEqual([
        { verdict: 'allow' },
        { verdict: 'allow' },
      ]);
      const [first, second] = emulator.requests.map(({ path, body }) => [
        path,
        Object.fromEntries(new URLSearchParams(body)),
      ]);
      expect(first).toEqual([
        '/turnstile/v0/siteverify',
        { secret: 's3', response: TOKEN, remoteip: '203.0.113.7' },
      ]);
      expect(second).toEqual(['/turnstile/v0/siteverify', { secret: 's3', response: TOKEN }]);
      // Catches: an answer that a firewall in front of the vendor chokes on, which would look like an outage.
      expect(await check.check(aRiskCall({ answer: "1' OR 1=1" }), AbortSignal.timeout(5_000))).toEqual(
        stepUp('wrong_answer'),
      );
      expect(emulator.requests).toHaveLength(2);
    } finally {
      await http.close();
      await emulator.stop();
    }
  });

  it('offers the site key, and the action to show the widget with', () => {
    const offer = (action?: string) =>
      turnstile
        .create(turnstile.config.parse({ siteKey: 'site-key', secret: 's', action }), checkTools())
        .challenge?.(aRiskCall());
    expect([offer(), offer('send-code')]).toEqual([
      { siteKey: 'site-key' },
      { siteKey: 'site-key', action: 'send-code' },
    ]);
  });
});
