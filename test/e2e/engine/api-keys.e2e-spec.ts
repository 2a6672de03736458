import { createHash } from 'node:crypto';
import { type Answer, type Tenant, until, useEngine, wordFor } from '../../support/engine';
import { dump } from '../../support/leaks';

const engine = useEngine();
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

const list = (key: string, on: number): Promise<Answer> =>
  engine.call('GET /v1/verifications?limit=1', key, undefined, { on });

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
});
