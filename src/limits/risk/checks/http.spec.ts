import { createHmac } from 'node:crypto';
import { httpRiskCheckContract } from '../../../testing/contracts/http-risk-check.contract';
import { aRiskCall, checkTools } from '../../../testing/contracts/risk-call';
import type { HttpRequest } from '../../../common/outbound/http-client';
import http from './http';

const SECRET = 'http-hook-secret-canary-0123456789abcdef';
const says = (verdict: unknown) => ({ verdict });

describe('http', () => {
  httpRiskCheckContract({
    definition: http,
    settings: (baseUrl) => ({ url: `${baseUrl}/risk`, secret: SECRET }),
    secrets: [SECRET],
    answer: null,
    yes: says('allow'),
    answers: [
      ['deny', 200, says('deny'), { verdict: 'deny', reason: 'denied' }],
      ['step_up', 201, { ...says('step_up'), score: 7 }, { verdict: 'step_up', reason: 'asked' }],
      ['a word that nobody knows', 200, says('maybe'), { verdict: 'unknown', reason: 'strange_answer' }],
      ['an error with a verdict in it', 422, says('deny'), { verdict: 'unknown', reason: 'strange_answer' }],
    ],
    lies: [says('ALLOW'), says(['allow']), says(true), { allow: true }, {}],
    tellsNumber: true,
  });

  // Catches: a signature over something else than what is sent, and a time that is not covered by it.
  it('signs id, time and body, and tells what is promised and nothing else', async () => {
    const seen: HttpRequest[] = [];
    const request = async (asked: HttpRequest) => {
      seen.push(asked);
      return { status: 200, headers: {}, body: '{"verdict":"allow"}' };
    };
    const clock = { now: () => 1_800_000_000_999, monotonic: () => 0 };
    const check = http.create(
      http.config.parse({ url: 'https://risk.example/ask', secret: SECRET }),
      checkTools({ http: { request }, clock }),
    );
    await check.check(aRiskCall(), AbortSignal.timeout(1_000));
    await check.check(aRiskCall(), AbortSignal.timeout(1_000));
    const { body = '', headers = {} } = seen[0] ?? {};
    expect(headers['webhook-timestamp']).toBe('1800000000');
    const signed = `${headers['webhook-id']}.1800000000.${body}`;
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', SECRET).update(signed).digest('base64')}`,
    );
    expect(seen[1]?.headers?.['webhook-id']).not.toBe(headers['webhook-id']);
    expect(JSON.parse(body)).toEqual({
      applicationId: 'app',
      purpose: 'login',
      to: '+34600987123',
      country: 'ES',
      channel: 'sms',
      clientIp: '203.0.113.7',
      deviceId: 'device-canary',
    });
  });

  it.each([
    [{ url: 'ftp://risk.example', secret: SECRET }],
    [{ url: 'https://user:pass@risk.example', secret: SECRET }],
    [{ url: 'https://risk.example', secret: 'short' }],
    [{ secret: SECRET }],
  ])('refuses settings that cannot be meant: %#', (settings) => {
    expect(http.config.safeParse(settings).success).toBe(false);
  });
});
