import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { scopes } from '../../../src/access/principal';
import {
  type Answer,
  newNumber,
  type Tenant,
  until,
  useEngine,
  wordFor,
  wrongCode,
} from '../../support/engine';
import { dump } from '../../support/leaks';

const engine = useEngine({ env: { SMS_ROUTES: '*:http;US:console' } });
/** In the place of a scope: the operator alone may do it. */
const NO_KEY = 'none';
/** Changes take effect everywhere within 5 s. */
const EFFECT_MS = 5_500;

let tenant: Tenant;
beforeAll(async () => {
  tenant = await engine.tenant({ policy: { cooldownSeconds: 0 } });
});

interface Key {
  readonly id: string;
  readonly key: string;
}

async function newKey(body: object = {}, on = 0): Promise<Key> {
  const answer = await engine.admin(`POST /v1/applications/${tenant.id}/keys`, body, { on });
  expect(answer.status).toBe(201);
  return { id: String(answer.body['id']), key: String(answer.body['key']) };
}

const list = (key: string, on: number, headers: Record<string, string> = {}): Promise<Answer> =>
  engine.call('GET /v1/verifications?limit=1', key, undefined, { on, headers });

/** Calls with the key in the other process until it is refused; it must keep its promise of 5 s. */
async function refusedSoon(key: string): Promise<string> {
  return until(async () => {
    const answer = await list(key, 1);
    return answer.status !== 200 && wordFor(answer);
  }, EFFECT_MS);
}

describe('an API key', () => {
  // Catches: a memory of unknown keys; keys that are only known to the process that made them.
  it('works in every process from the moment it is answered, also when it was tried there before', async () => {
    for (let round = 0; round < 10; round++) {
      const { key } = await newKey({}, round % 2);
      for (const on of [1, 0]) expect((await list(key, on)).status).toBe(200);
    }
  });

  // Catches: a cache of keys without an end.
  it('is refused everywhere within 5 s of its revocation, at once where it was revoked', async () => {
    const { id, key } = await newKey();
    for (const on of [0, 1]) expect((await list(key, on)).status).toBe(200);
    expect((await engine.admin(`DELETE /v1/applications/${tenant.id}/keys/${id}`)).status).toBe(204);
    expect(wordFor(await list(key, 0))).toBe('401 unauthorized');
    expect(await refusedSoon(key)).toBe('401 unauthorized');
  });

  it('of a disabled application is refused everywhere within 5 s, and works again when it is enabled', async () => {
    const own = await engine.tenant();
    for (const on of [0, 1]) expect((await list(own.key, on)).status).toBe(200);
    await engine.admin(`PATCH /v1/applications/${own.id}`, { settings: { disabled: true } });
    expect(wordFor(await list(own.key, 0))).toBe('403 forbidden');
    expect(await refusedSoon(own.key)).toBe('403 forbidden');
    await engine.admin(`PATCH /v1/applications/${own.id}`, { settings: { disabled: null } }, { on: 1 });
    await until(async () => (await list(own.key, 0)).status === 200, EFFECT_MS);
  });

  // Catches: storing or answering the secret again.
  it('is shown once: no list, answer or document holds it again, only its SHA-256', async () => {
    const { id, key } = await newKey({ name: 'Backend' });
    const path = `/v1/applications/${tenant.id}`;
    for (const url of [path, `${path}/keys`, `${path}/keys/${id}`, '/v1/applications']) {
      const answer = await engine.admin(`GET ${url}`);
      expect([url, answer.status, answer.text.includes(key)]).toEqual([url, 200, false]);
    }
    const digest = createHash('sha256').update(key).digest();
    let digests = 0;
    for (const [name, documents] of await dump(engine.db)) {
      for (const bytes of documents) {
        expect([name, bytes.includes(key)]).toEqual([name, false]);
        const forms = [digest, digest.toString('hex'), digest.toString('base64url')];
        if (forms.some((form) => bytes.includes(form))) digests++;
      }
    }
    expect(digests).toBe(1);
    for (const app of engine.apps) expect(app.stdout + app.stderr).not.toContain(key);
  });

  // Catches: a route without a rule, or with the rule of another.
  it('does what its scopes say and nothing else, for every call of the API', async () => {
    const { id } = await tenant.start();
    const calls: [string, string, object?][] = [
      ['verifications:write', 'POST /v1/verifications', { to: newNumber() }],
      ['verifications:write', `POST /v1/verifications/${id}/checks`, { code: '0000' }],
      ['verifications:write', `POST /v1/verifications/${id}/sends`, {}],
      ['verifications:write', `POST /v1/verifications/${id}/cancel`],
      ['verifications:read', 'GET /v1/verifications'],
      ['verifications:read', `GET /v1/verifications/${id}`],
      ['verifications:read', 'POST /v1/phone-numbers/validate', { number: '1' }],
      ['verifications:read', 'GET /v1/policy'],
      ['recipients:unlock', 'POST /v1/recipients/lookup', { to: newNumber() }],
      ['recipients:unlock', 'POST /v1/recipients/unlock', { to: newNumber() }],
      ['audit:read', 'GET /v1/audit/events'],
      ['sandbox:read', 'GET /v1/sandbox/messages'],
      ['messages:preview', 'POST /v1/messages/preview', {}],
      ['statistics:read', 'GET /v1/statistics'],
      [NO_KEY, 'GET /v1/gateways'],
      [NO_KEY, 'POST /v1/gateways/{name}/test', { to: newNumber() }],
      [NO_KEY, 'GET /v1/prices'],
      [NO_KEY, 'PUT /v1/prices', { prices: [] }],
      [NO_KEY, 'POST /v1/prices/download', { gateway: 'http' }],
    ];
    const { body } = await engine.call('GET /openapi.json', null);
    const documented = Object.entries(body['paths'] as Record<string, object>).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const guarded = documented.filter((route) => !/ \/(health|v1\/applications)/.test(route)).sort();
    expect(calls.map(([, route]) => route.replace(id, '{id}')).sort()).toEqual(guarded);

    expect(new Set(calls.map(([scope]) => scope))).toEqual(new Set([...scopes, NO_KEY]));
    for (const scope of scopes) {
      const { key } = await newKey({ scopes: [scope] });
      for (const [needed, route, sent] of calls) {
        const { status } = await engine.call(route, key, sent);
        expect([scope, route, status === 403]).toEqual([scope, route, needed !== scope]);
        expect((await engine.call(route, null, sent)).status).toBe(401);
      }
      expect(wordFor(await engine.call('GET /v1/applications', key))).toBe('403 forbidden');
    }
  });
});

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

  // Catches: believing a header that the caller wrote.
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
    await engine.add({ TRUST_PROXY: '1', THROTTLE_PER_SECOND: '20' });
    const on = 2;
    const forwarded = (value: string): Promise<Answer> => list(key, on, { 'x-forwarded-for': value });
    expect((await forwarded('203.0.113.5, 192.0.2.7')).status).toBe(200);
    expect(wordFor(await forwarded('192.0.2.7, 203.0.113.5'))).toBe('403 forbidden');
    for (const headers of spoofs('192.0.2.7').slice(2)) {
      expect(wordFor(await list(key, on, headers))).toBe('403 forbidden');
    }
  });

  // Catches: a bucket per forged address or per unknown key.
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

describe('a GET', () => {
  // Catches: reading that expires, counts, remembers or marks.
  it('of every kind leaves every document as it was, byte for byte', async () => {
    const pending = await tenant.start();
    await tenant.check(pending.id, wrongCode(pending.code));
    const settled = await until(async () => {
      const before = await content();
      await sleep(700);
      return (await content()) === before && before;
    }, 15_000);
    const keyId = (await engine.admin(`GET /v1/applications/${tenant.id}/keys`)).body['data'] as {
      id: string;
    }[];
    const paths = [
      `/v1/verifications/${pending.id}`,
      '/v1/verifications/AAAAAAAAAAAAAAAAAAAAAA',
      `/v1/verifications?to=${encodeURIComponent(pending.to)}&status=pending`,
      '/v1/verifications',
      `/v1/audit/events?verificationId=${pending.id}`,
      '/v1/audit/events',
      '/v1/sandbox/messages',
      '/health/ready',
      '/health/live',
      '/openapi.json',
    ];
    const adminPaths = ['', `/${tenant.id}`, `/${tenant.id}/keys`, `/${tenant.id}/keys/${keyId[0]!.id}`];
    for (const on of [0, 1]) {
      for (const path of paths) {
        for (const method of ['GET', 'HEAD']) {
          expect((await engine.call(`${method} ${path}`, tenant.key, undefined, { on })).status).toBeLessThan(
            405,
          );
        }
      }
      for (const path of adminPaths) {
        expect((await engine.admin(`GET /v1/applications${path}`, undefined, { on })).status).toBe(200);
      }
    }
    expect(await content()).toBe(settled);
  });

  /** A fingerprint of everything but what runs by itself: the leases of the jobs, the clock of the audit log. */
  async function content(): Promise<string> {
    const sum = createHash('sha256');
    for (const [name, documents] of await dump(engine.db)) {
      if (name !== 'leases' && name !== 'audit_clock')
        for (const bytes of documents) sum.update(name).update(bytes);
    }
    return sum.digest('hex');
  }
});
