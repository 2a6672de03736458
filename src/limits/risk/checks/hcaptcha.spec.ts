import { httpRiskCheckContract } from '../../../testing/contracts/http-risk-check.contract';
import { aRiskCall, checkTools } from '../../../testing/contracts/risk-call';
import hcaptcha from './hcaptcha';

const TOKEN = 'P1_eyJ0eXAi.hcaptcha-answer-canary';
const yes = { success: true, challenge_ts: '2026-11-01T10:00:00Z', hostname: 'example.com', credit: false };
const no = (...codes: string[]) => ({ success: false, 'error-codes': codes });
const stepUp = (reason: 'wrong_answer' | 'used_answer' | 'late_answer') =>
  ({ verdict: 'step_up', reason }) as const;

describe('hcaptcha', () => {
  httpRiskCheckContract({
    definition: hcaptcha,
    settings: (baseUrl) => ({
      siteKey: 'site-key',
      secret: 'hcaptcha-secret-canary',
      hostnames: 'example.com',
      baseUrl,
    }),
    secrets: ['hcaptcha-secret-canary', TOKEN],
    answer: TOKEN,
    yes,
    answers: [
      ['an answer that is none', 200, no('invalid-input-response'), stepUp('wrong_answer')],
      ['an answer that was used', 200, no('already-seen-response'), stepUp('used_answer')],
      ['one of both', 200, no('invalid-or-already-seen-response'), stepUp('wrong_answer')],
      ['an answer that is too old', 200, no('expired-input-response'), stepUp('late_answer')],
      ['an answer for another site key', 200, no('sitekey-secret-mismatch'), stepUp('wrong_answer')],
      ['a wrong secret', 200, no('invalid-input-secret'), { verdict: 'unknown', reason: 'unauthorized' }],
      ['a malformed request', 200, no('bad-request'), stepUp('wrong_answer')],
      ['an answer from another site', 200, { ...yes, hostname: 'evil.example' }, stepUp('wrong_answer')],
      ['an answer from nowhere', 200, { success: true }, stepUp('wrong_answer')],
    ],
    lies: [
      { ...yes, success: 'yes' },
      { ...yes, success: {} },
      { ...yes, success: undefined, Success: true },
      {},
    ],
    tellsNumber: false,
  });

  it('offers the site key, and has answers for it alone', async () => {
    const settings = hcaptcha.config.parse({ siteKey: 'site-key', secret: 's' });
    const bodies: string[] = [];
    const request = async ({ url, body = '' }: { url: string; body?: string }) => {
      bodies.push(`${url}?${body}`);
      return { status: 200, headers: {}, body: JSON.stringify(yes) };
    };
    const check = hcaptcha.create(settings, checkTools({ http: { request } }));
    expect(check.challenge?.(aRiskCall())).toEqual({ siteKey: 'site-key' });
    await check.check(aRiskCall({ answer: TOKEN }), AbortSignal.timeout(1_000));
    expect(bodies[0]).toMatch(/^https:\/\/api\.hcaptcha\.com\/siteverify\?.*sitekey=site-key/);
  });
});
