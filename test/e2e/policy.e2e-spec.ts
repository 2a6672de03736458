import type { OpenAPIObject } from '@nestjs/swagger';
import { OpenApiMatcher } from '../support/openapi-match';
import { newNumber, type Answer, type Tenant, useEngine, wordFor, wrongCode } from '../support/engine';

const engine = useEngine({ processes: 1, env: { EMAIL_ROUTES: '*:console', VOICE_ROUTES: '*:console' } });

let matcher: OpenApiMatcher;
beforeAll(async () => {
  const document = await (await fetch(`${engine.apps[0]!.url}/openapi.json`)).json();
  matcher = new OpenApiMatcher(document as OpenAPIObject);
});

interface Clause {
  readonly source: string;
  readonly clause: string;
  readonly met: boolean;
  readonly because: string;
}

async function policyOf(tenant: Tenant, query = ''): Promise<Answer> {
  const answer = await tenant.call(`GET /v1/policy${query}`);
  matcher.expectMatches('get', '/v1/policy', answer.status, answer.body);
  return answer;
}

async function clauseOf(tenant: Tenant, name: string, query = ''): Promise<Clause | undefined> {
  const clauses = (await policyOf(tenant, query)).body['clauses'] as Clause[];
  return clauses.find(({ clause }) => clause === name);
}

const pathsOf = ({ body }: Answer): string[] =>
  ((body['errors'] ?? []) as { path: string }[]).map(({ path }) => path);

const change = (tenant: Tenant, settings: object): Promise<Answer> =>
  engine.admin(`PATCH /v1/applications/${tenant.id}`, { settings });

const policy = { cooldownSeconds: 0, sends: { max: 50 } };

describe('a purpose whose codes live for weeks', () => {
  it('is set by longLived, gives codes of 30 days, and is reported', async () => {
    const tenant = await engine.tenant({ policy });
    const refused = await change(tenant, { purposes: { coupon: { ttlSeconds: 2_592_000 } } });
    expect([wordFor(refused), pathsOf(refused)]).toEqual([
      '400 invalid_request',
      ['settings.purposes.coupon.ttlSeconds'],
    ]);
    const body = { to: newNumber(), purpose: 'coupon', ttlSeconds: 2_592_000, locale: 'en' };
    const early = await tenant.create(body);
    expect([wordFor(early), pathsOf(early)]).toEqual(['400 invalid_request', ['ttlSeconds']]);
    await change(tenant, { purposes: { coupon: { longLived: true } } });
    const { id, code } = await tenant.start(body);
    expect(engine.sink.sentTo(body.to).at(-1)?.text).toContain('30 days');
    const { createdAt, expiresAt } = (await tenant.read(id)).body as Record<string, string>;
    expect(Date.parse(expiresAt!) - Date.parse(createdAt!)).toBe(2_592_000_000);
    const { body: report } = await policyOf(tenant, '?purpose=coupon');
    expect(report).toMatchObject({ effective: { longLived: true, ttlSeconds: 600 } });
    const kept = await change(tenant, { purposes: { coupon: { ttlSeconds: 86_401 } } });
    expect(wordFor(kept)).toBe('200');
    expect(await clauseOf(tenant, '§3.1.3.2 (life)', '?purpose=coupon')).toMatchObject({ met: false });
    expect(
      (await tenant.call('POST /v1/checks', { to: body.to, purpose: 'coupon', code })).body['valid'],
    ).toBe(true);
  });
});

describe('GET /v1/policy', () => {
  it('reports what is in force for a purpose, and each clause with its reason', async () => {
    const tenant = await engine.tenant({
      policy: { codeLength: 8 },
      purposes: { door: { ttlSeconds: 900 } },
    });
    const { body } = await policyOf(tenant);
    expect(body).toMatchObject({
      purpose: 'default',
      effective: { profile: null, codeLength: 8, ttlSeconds: 600, restricted: true, auditRetentionDays: 400 },
    });
    expect((await policyOf(tenant, '?purpose=door')).body).toMatchObject({
      purpose: 'door',
      effective: { codeLength: 8, ttlSeconds: 900 },
    });
    expect(await clauseOf(tenant, '§3.1.3.2 (life)')).toMatchObject({
      source: 'NIST SP 800-63B-4',
      met: true,
    });
    expect(await clauseOf(tenant, '§3.1.3.2 (life)', '?purpose=door')).toMatchObject({
      met: false,
      because: expect.stringContaining('Life of a code: 900 s; at most 600 s are allowed.'),
    });
  });

  it('refuses what is no purpose, and a key without the scope', async () => {
    const tenant = await engine.tenant();
    expect(pathsOf(await policyOf(tenant, '?purpose=Not%20one'))).toEqual(['purpose']);
    expect(pathsOf(await policyOf(tenant, '?profile=pci'))).toEqual(['profile']);
    const route = `POST /v1/applications/${tenant.id}/keys`;
    const { body } = await engine.admin(route, { scopes: ['verifications:write'] });
    expect(wordFor(await engine.call('GET /v1/policy', String(body['key'])))).toBe('403 forbidden');
  });
});

describe('a profile', () => {
  it('that settings break is refused with each of them, and can be switched on once they are mended', async () => {
    const tenant = await engine.tenant({
      policy: { ttlSeconds: 900, codeLength: 4 },
      purposes: { door: { allowedChannels: ['email'] } },
      channels: [{ channel: 'email', waitSeconds: 30 }],
    });
    const refused = await change(tenant, { profile: 'nist' });
    expect(wordFor(refused)).toBe('400 invalid_request');
    expect(pathsOf(refused)).toEqual([
      'settings.policy.codeLength',
      'settings.policy.ttlSeconds',
      'settings.purposes.door.allowedChannels',
      'settings.channels.0.channel',
    ]);
    expect((await policyOf(tenant)).body['effective']).toMatchObject({ profile: null, codeLength: 4 });
    const mended = { policy: null, purposes: { door: null }, channels: null };
    expect(wordFor(await change(tenant, { profile: 'nist', ...mended }))).toBe('200');
    expect(pathsOf(await change(tenant, { policy: { ttlSeconds: 601 } }))).toEqual([
      'settings.policy.ttlSeconds',
    ]);
    expect(wordFor(await change(tenant, { profile: null, policy: { ttlSeconds: 601 } }))).toBe('200');
  });

  it('refuses a call that breaks it, and sends nothing', async () => {
    const tenant = await engine.tenant({ profile: 'owasp-asvs-l2', policy });
    const to = newNumber();
    const refused = await tenant.create({ to, codeLength: 5, ttlSeconds: 601 });
    expect([wordFor(refused), pathsOf(refused)]).toEqual([
      '400 invalid_request',
      ['codeLength', 'ttlSeconds'],
    ]);
    expect(engine.sink.sentTo(to)).toEqual([]);
    expect(wordFor(await tenant.create({ to, codeLength: 6, ttlSeconds: 600 }))).toBe('201');
  });

  it('leaves what has started as it started', async () => {
    const tenant = await engine.tenant({ policy: { ...policy, codeLength: 4, ttlSeconds: 3_600 } });
    const { id, code } = await tenant.start();
    expect(wordFor(await change(tenant, { profile: 'nist', policy: null }))).toBe('200');
    expect((await tenant.read(id)).body).toMatchObject({ status: 'pending', codeLength: 4 });
    expect((await tenant.check(id, code)).body['valid']).toBe(true);
  });

  // Without a profile the same call is sent: the channel is routed.
  it('nist sends no code by e-mail, whoever asks for it', async () => {
    const tenant = await engine.tenant({ policy });
    const byMail = (): Promise<Answer> =>
      tenant.create({ to: newNumber(), channel: 'email', email: 'ana@example.com' });
    expect(wordFor(await byMail())).toBe('201');
    expect((await clauseOf(tenant, '§3.1.3 (e-mail)'))?.met).toBe(false);
    const { id } = await tenant.start({ email: 'ana@example.com' });
    await change(tenant, { profile: 'nist' });
    const refused = await byMail();
    expect([wordFor(refused), pathsOf(refused)]).toEqual(['400 invalid_request', ['channel']]);
    const resent = await tenant.call(`POST /v1/verifications/${id}/sends`, { channel: 'email' });
    expect([wordFor(resent), pathsOf(resent)]).toEqual(['400 invalid_request', ['channel']]);
    expect(await clauseOf(tenant, '§3.1.3 (e-mail)')).toMatchObject({ met: true });
  });

  it('psd2 sends no code without a transaction, unless the purpose confirms no payments', async () => {
    const purposes = { login: { transaction: 'none' } };
    const tenant = await engine.tenant({ profile: 'psd2', policy, purposes });
    const transaction = { amount: '49.90', currency: 'EUR', payee: 'Ana' };
    const bare = await tenant.create({ to: newNumber(), purpose: 'payment' });
    expect([wordFor(bare), pathsOf(bare)]).toEqual(['400 invalid_request', ['transaction']]);
    expect(wordFor(await tenant.create({ to: newNumber(), purpose: 'payment', transaction }))).toBe('201');
    expect(wordFor(await tenant.create({ to: newNumber(), purpose: 'login' }))).toBe('201');
    const odd = await tenant.create({ to: newNumber(), purpose: 'login', transaction });
    expect(pathsOf(odd)).toEqual(['transaction']);
  });

  /** Wrong codes until `count` stand against the recipient, over as many verifications as that takes. */
  async function fail(tenant: Tenant, to: string, count: number): Promise<void> {
    for (let failures = 0; failures < count;) {
      const { id, code } = await tenant.start({ to });
      for (let n = 1; n <= 3 && failures < count; n++, failures++)
        expect((await tenant.check(id, wrongCode(code, n))).body['valid']).toBe(false);
      if (failures < count) await tenant.call(`POST /v1/verifications/${id}/cancel`, {});
    }
  }

  async function expectLocked(tenant: Tenant, to: string, seconds: number): Promise<void> {
    for (const ask of [{}, { deviceId: 'owner' }]) {
      const answer = await tenant.create({ to, ...ask });
      expect(wordFor(answer)).toBe('429 recipient_locked');
      const left = (Date.parse(String(answer.body['lockedUntil'])) - Date.now()) / 1000;
      expect(left).toBeGreaterThan(seconds - 10);
      expect(left).toBeLessThanOrEqual(seconds);
    }
  }

  async function attacked(settings: object, failures: number): Promise<{ tenant: Tenant; to: string }> {
    const tenant = await engine.tenant({ policy: { ...policy, transaction: 'none' }, ...settings });
    const to = newNumber();
    const { id, code } = await tenant.start({ to, deviceId: 'owner' });
    expect((await tenant.check(id, code, { deviceId: 'owner' })).body['valid']).toBe(true);
    await fail(tenant, to, failures);
    return { tenant, to };
  }

  // Catches: a lock by the usual rules, one that a new code resets, one that a known device gets round.
  it('psd2 locks after the fifth wrong code for five minutes, a known device too', async () => {
    const early = await attacked({ profile: 'psd2' }, 4);
    expect((await early.tenant.lookup(early.to)).body).toMatchObject({ failures: 4, lockedUntil: null });
    const { tenant, to } = await attacked({ profile: 'psd2' }, 5);
    await expectLocked(tenant, to, 300);
  });

  it('pci locks after the tenth wrong code for thirty minutes, a known device too', async () => {
    const { tenant, to } = await attacked({ profile: 'pci' }, 10);
    await expectLocked(tenant, to, 1_800);
    expect(wordFor(await tenant.call('POST /v1/recipients/unlock', { to }))).toBe('204');
    expect(wordFor(await tenant.create({ to }))).not.toContain('429');
  });
});
