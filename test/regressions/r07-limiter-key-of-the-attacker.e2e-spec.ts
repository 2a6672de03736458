/**
 * R07. The limiter, or the check of addresses, uses a key that the caller writes: a forwarded address, a field of the
 * body, another casing. Seen in Strapi (CVE-2025-64526), Outline (CVE-2026-33640, GHSA-cwhc-53hw-qqx6), rubygems
 * (GHSA-c55g-q6f4-5qxr), Coder (CVE-2026-111934), Pingvin Share X (CVE-2026-108162, a Nest app that trusted all proxies)
 * and CVE-2026-107271: a new address in each request, and no limit.
 *
 * Catches: `trustProxy: true`; a bucket per forged address or per unknown key.
 *
 * Waits for: limits by the client's address and network, which are to trip at the same count under rotation.
 */
import { type Answer, type Tenant, wordFor } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();
let tenant: Tenant;
beforeAll(async () => {
  tenant = await engine.tenant();
  await engine.add({ TRUST_PROXY: '1', THROTTLE_PER_SECOND: '20' });
}, 60_000);

async function newKey(body: object): Promise<{ key: string }> {
  const answer = await engine.admin(`POST /v1/applications/${tenant.id}/keys`, body);
  return { key: String(answer.body['key']) };
}

const list = (key: string, on: number, headers: Record<string, string> = {}): Promise<Answer> =>
  engine.call('GET /v1/verifications?limit=1', key, undefined, { on, headers });

describe('the address of a caller', () => {
  const spoofs = (ip: string): Record<string, string>[] => [
    { 'x-forwarded-for': ip },
    { 'X-FORWARDED-FOR': `${ip}, ${ip}` },
    { 'x-real-ip': ip },
    { forwarded: `for=${ip}` },
    { 'true-client-ip': ip },
    { 'cf-connecting-ip': ip },
    { 'x-client-ip': ip },
  ];
  it('cannot be forged to use a key that is bound to another one', async () => {
    const { key } = await newKey({ allowedIps: ['192.0.2.0/24'] });
    for (const headers of [{}, ...spoofs('192.0.2.7')]) {
      const answer = await list(key, 0, headers);
      expect([headers, wordFor(answer), answer.body['reason']]).toEqual([
        headers,
        '403 forbidden',
        'ip_not_allowed',
      ]);
    }
    const { key: local } = await newKey({ allowedIps: ['127.0.0.1'] });
    for (const headers of spoofs('203.0.113.5')) expect((await list(local, 0, headers)).status).toBe(200);
  });

  it('behind one trusted proxy is the last one in X-Forwarded-For and nothing else', async () => {
    const { key } = await newKey({ allowedIps: ['192.0.2.0/24'] });
    const on = 2;
    const forwarded = (value: string): Promise<Answer> => list(key, on, { 'x-forwarded-for': value });
    expect((await forwarded('203.0.113.5, 192.0.2.7')).status).toBe(200);
    expect(wordFor(await forwarded('192.0.2.7, 203.0.113.5'))).toBe('403 forbidden');
    for (const headers of spoofs('192.0.2.7').slice(2)) {
      expect(wordFor(await list(key, on, headers))).toBe('403 forbidden');
    }
  });
  it('and everything else a stranger can vary gives no further allowance', async () => {
    const on = 2;
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, i) =>
        engine.call(`GET /v1/verifications?limit=${1 + (i % 9)}`, `key-${i}`, undefined, {
          on,
          headers: { 'x-forwarded-for': `198.51.100.${i}, 203.0.113.9`, 'x-real-ip': `10.0.0.${i}` },
        }),
      ),
    );
    const words = new Set(answers.map(wordFor));
    expect(words).toEqual(new Set(['401 unauthorized', '429 rate_limited']));
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(40);
  });
});
