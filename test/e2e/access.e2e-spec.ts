import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SkipThrottle } from '@nestjs/throttler';
import { ConfigModule } from '../../config/config.module';
import type { Settings } from '../../config/settings';
import { AccessGuard } from '../../src/access/access.guard';
import { AccessModule } from '../../src/access/access.module';
import { IdentifyGuard } from '../../src/access/identify.guard';
import { AdminOnly, CurrentPrincipal, Public, RequireScope } from '../../src/access/access.decorators';
import type { Principal } from '../../src/access/principal';
import { KeyCredentials } from '../../src/applications/api-keys/key-credentials.service';
import { ApplicationsModule } from '../../src/applications/applications.module';
import { createApp } from '../../src/app.setup';
import { AuditModule } from '../../src/audit/audit.module';
import { AuditService } from '../../src/audit/audit.service';
import type { Refusal } from '../../src/audit/refusals';
import { CommonModule } from '../../src/common/common.module';
import { DatabaseModule } from '../../src/database/database.module';
import { builtInExtensions } from '../../src/plugins/extensions';
import { ExtensionsModule } from '../../src/plugins/extensions.module';
import { ThrottleModule } from '../../src/limits/throttle/throttle.module';
import { ThrottleGuard } from '../../src/limits/throttle/throttle.guard';
import { openApiDocument } from '../../src/openapi/openapi-document';
import { edgeSettings } from '../support/edge-app';
import { useDatabase } from '../support/mongo';
import { OpenApiMatcher } from '../support/openapi-match';

const ADMIN_KEY = 'admin-key-of-this-test-with-32-chars';
const LIMIT = 20;
const db = useDatabase();

@Controller('probe')
class ProbeController {
  @Get('scope')
  @RequireScope('verifications:read')
  scope(@CurrentPrincipal() principal: Principal): object {
    return { application: principal.applicationId, key: principal.keyId };
  }

  @Get('admin')
  @AdminOnly()
  admin(): object {
    return {};
  }

  @Get('public')
  @Public()
  public(): object {
    return {};
  }

  @Get('exempt')
  @Public()
  @SkipThrottle()
  exempt(): object {
    return {};
  }

  @Get('forgotten')
  forgotten(): object {
    return {};
  }
}

@Module({ controllers: [ProbeController] })
class ProbeModule {}

function probeApp(throttlePerSecond: number) {
  const settings = {
    server: edgeSettings,
    secrets: { adminKey: ADMIN_KEY, bootstrapApiKey: null, secretsFile: '', dataDir: '' },
    sms: { routes: [], sandbox: true, gateways: { console: {} } },
    limits: { throttlePerSecond },
    risk: { checks: {} },
    audit: { retentionDays: 400 },
  } as unknown as Settings;
  const module = {
    module: ProbeModule,
    imports: [
      ConfigModule.forRoot(settings),
      CommonModule,
      ExtensionsModule.forRoot(builtInExtensions),
      DatabaseModule.forRoot({
        uri: db.uri,
        name: db.name,
        embeddedPid: () => null,
        stop: async () => undefined,
      }),
      AccessModule,
      ApplicationsModule,
      AuditModule,
      ThrottleModule,
    ],
    providers: [
      { provide: APP_GUARD, useClass: IdentifyGuard },
      { provide: APP_GUARD, useExisting: ThrottleGuard },
      { provide: APP_GUARD, useClass: AccessGuard },
    ],
  };
  return createApp(module, { settings: { ...edgeSettings, logLevel: 'silent', trustProxyHops: 1 } });
}

async function start(throttlePerSecond: number) {
  const app = await probeApp(throttlePerSecond);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

interface Call {
  readonly key?: string;
  readonly authorization?: string;
  readonly ip?: string;
  readonly body?: unknown;
}

function caller(app: NestFastifyApplication) {
  return async (route: string, { key, authorization, ip = '192.0.2.1', body }: Call = {}) => {
    const [method = 'GET', url = '/'] = route.split(' ');
    const bearer = key === undefined ? authorization : `Bearer ${key}`;
    const answer = await app.inject({
      method: method as 'GET',
      url,
      headers: { 'x-forwarded-for': ip, ...(bearer !== undefined && { authorization: bearer }) },
      ...(body !== undefined && { payload: body as object }),
    });
    const text = answer.body;
    return { status: answer.statusCode, headers: answer.headers, body: text ? JSON.parse(text) : null };
  };
}

async function makeKey(call: ReturnType<typeof caller>, body: object = {}) {
  const application = await call('POST /v1/applications', { key: ADMIN_KEY, body: { name: 'Shop' } });
  const path = `/v1/applications/${application.body.id}`;
  const key = await call(`POST ${path}/keys`, { key: ADMIN_KEY, body });
  return {
    path,
    key: key.body.key as string,
    keyId: key.body.id as string,
    id: application.body.id as string,
  };
}

describe('who may call', () => {
  let app: NestFastifyApplication;
  let call: ReturnType<typeof caller>;
  let refusals: Refusal[];

  beforeAll(async () => {
    app = await start(0);
    call = caller(app);
    refusals = [];
    const record = jest.spyOn(app.get(AuditService, { strict: false }), 'recordRefusal');
    record.mockImplementation((refusal) => void refusals.push(refusal));
  });
  afterAll(() => app.close());
  beforeEach(() => (refusals.length = 0));

  it('lets a key with the scope in and says whose it is', async () => {
    const { key, keyId, id } = await makeKey(call);
    const answer = await call('GET /probe/scope', { key });
    expect(answer).toMatchObject({ status: 200, body: { application: id, key: keyId } });
    expect((await call('GET /probe/scope', { authorization: `bEaReR ${key}` })).status).toBe(200);
  });

  it.each([
    [undefined],
    [''],
    ['Bearer'],
    ['Basic dTpw'],
    ['Bearer sdk_unknown'],
    ['Bearer a, Bearer b'],
    [`Bearer ${'x'.repeat(600)}`],
  ])('answers 401 with WWW-Authenticate to Authorization: %p', async (authorization) => {
    const answer = await call('GET /probe/scope', authorization === undefined ? {} : { authorization });
    expect(answer).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
      body: { code: 'unauthorized' },
    });
    expect(refusals).toMatchObject([{ type: 'access_denied', actor: 'anonymous', subject: '192.0.2.1' }]);
  });

  it('answers 403 to a key without the scope, from elsewhere, or of a disabled application', async () => {
    const narrow = await makeKey(call, { scopes: ['audit:read'] });
    const bound = await makeKey(call, { allowedIps: ['192.0.2.0/24'] });
    const disabled = await makeKey(call);
    await call(`PATCH ${disabled.path}`, { key: ADMIN_KEY, body: { settings: { disabled: true } } });

    const answers = [
      await call('GET /probe/scope', { key: narrow.key }),
      await call('GET /probe/scope', { key: bound.key, ip: '198.51.100.1' }),
      await call('GET /probe/scope', { key: disabled.key }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code, body.reason])).toEqual([
      [403, 'forbidden', 'scope_missing'],
      [403, 'forbidden', 'ip_not_allowed'],
      [403, 'forbidden', 'application_disabled'],
    ]);
    expect(refusals.map(({ applicationId, actor, rule }) => [applicationId, actor, rule])).toEqual([
      [narrow.id, `key:${narrow.keyId}`, 'scope_missing'],
      [bound.id, `key:${bound.keyId}`, 'ip_not_allowed'],
      [disabled.id, `key:${disabled.keyId}`, 'application_disabled'],
    ]);
    expect((await call('GET /probe/scope', { key: bound.key, ip: '::ffff:192.0.2.9' })).status).toBe(200);
  });

  it('answers 401 from the moment a key expires', async () => {
    const { key } = await makeKey(call, { expiresAt: new Date(Date.now() + 1_500).toISOString() });
    expect((await call('GET /probe/scope', { key })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect(await call('GET /probe/scope', { key })).toMatchObject({
      status: 401,
      body: { reason: 'key_expired' },
    });
  });

  it('keeps the admin key and API keys apart', async () => {
    const { key } = await makeKey(call);
    expect(await call('GET /probe/admin', { key: ADMIN_KEY })).toMatchObject({ status: 200 });
    expect(await call('GET /probe/admin', { key })).toMatchObject({
      status: 403,
      body: { reason: 'admin_key_required' },
    });
    expect(await call('GET /probe/scope', { key: ADMIN_KEY })).toMatchObject({
      status: 403,
      body: { reason: 'api_key_required' },
    });
    expect((await call('GET /probe/admin', { key: ADMIN_KEY.toUpperCase() })).status).toBe(401);
  });

  // Catches: `if (!rule) return true` in AccessGuard.
  it('refuses everybody on a route without a rule, and nobody on a public one', async () => {
    const { key } = await makeKey(call);
    for (const one of [undefined, key, ADMIN_KEY]) {
      const answer = await call('GET /probe/forgotten', one === undefined ? {} : { key: one });
      expect(answer).toMatchObject({ status: 403, body: { reason: 'no_access_rule' } });
    }
    expect((await call('GET /probe/public')).status).toBe(200);
  });

  it('ends a key on DELETE, again and again, and 404 for one that never was', async () => {
    const { key, keyId, path } = await makeKey(call);
    for (let i = 0; i < 2; i += 1) {
      expect(await call(`DELETE ${path}/keys/${keyId}`, { key: ADMIN_KEY })).toMatchObject({
        status: 204,
        body: null,
      });
    }
    expect((await call('GET /probe/scope', { key })).status).toBe(401);
    expect((await call(`DELETE ${path}/keys/nothing`, { key: ADMIN_KEY })).status).toBe(404);
  });

  it('shows the secret once, and answers as the OpenAPI document says', async () => {
    const matcher = new OpenApiMatcher(openApiDocument(app));
    const settings = {
      allowedCountries: ['es'],
      policy: { codeLength: 4 },
      purposes: { login: { maxChecks: 3 } },
    };
    const made = await call('POST /v1/applications', { key: ADMIN_KEY, body: { name: 'Shop', settings } });
    matcher.expectMatches('post', '/v1/applications', made.status, made.body);
    expect(made.body.notices).toMatchObject([{ setting: 'policy.codeLength' }]);
    const path = `/v1/applications/${made.body.id}`;
    const key = await call(`POST ${path}/keys`, { key: ADMIN_KEY, body: { name: 'Backend' } });
    matcher.expectMatches('post', `${path}/keys`, key.status, key.body);
    const secret = key.body.key as string;
    for (const url of ['/v1/applications?limit=2', path, `${path}/keys`, `${path}/keys/${key.body.id}`]) {
      const answer = await call(`GET ${url}`, { key: ADMIN_KEY });
      matcher.expectMatches('get', url, answer.status, answer.body);
      expect(JSON.stringify(answer.body)).not.toContain(secret);
      expect(answer.status).toBe(200);
    }
    const patched = await call(`PATCH ${path}`, { key: ADMIN_KEY, body: { settings: { policy: null } } });
    matcher.expectMatches('patch', path, patched.status, patched.body);
    expect(patched.body.settings).toEqual({
      allowedCountries: ['ES'],
      purposes: { login: { maxChecks: 3 } },
    });
  });

  it.each([
    ['name', { name: '' }],
    ['colour', { name: 'x', colour: 'red' }],
    ['settings.colour', { name: 'x', settings: { colour: 'red' } }],
    ['settings.policy.codeLength', { name: 'x', settings: { policy: { codeLength: '6' } } }],
    ['settings.routes', { name: 'x', settings: { routes: '*:twilio' } }],
    ['settings.purposes', { name: 'x', settings: { purposes: [] } }],
    ['body', [{ name: 'x' }]],
  ])('names %s when it is wrong', async (path, body) => {
    const answer = await call('POST /v1/applications', { key: ADMIN_KEY, body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path }] } });
  });

  it('lists page by page by cursor, and refuses a cursor of its own making', async () => {
    const { path } = await makeKey(call);
    for (let i = 0; i < 2; i += 1) await call(`POST ${path}/keys`, { key: ADMIN_KEY, body: {} });
    const first = await call(`GET ${path}/keys?limit=2`, { key: ADMIN_KEY });
    const second = await call(`GET ${path}/keys?limit=2&cursor=${first.body.nextCursor}`, { key: ADMIN_KEY });
    const ids = [...first.body.data, ...second.body.data].map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(second.body.nextCursor).toBeNull();
    expect((await call(`GET ${path}/keys?cursor=x`, { key: ADMIN_KEY })).status).toBe(400);
  });
});

describe('throttle', () => {
  let app: NestFastifyApplication;
  let call: ReturnType<typeof caller>;
  let address = 0;
  /** A source that no other test has used, as the window outlives a test. */
  const newIp = () => `203.0.113.${(address += 1)}`;
  const times = (count: number, make: (i: number) => Promise<{ status: number }>) =>
    Promise.all(Array.from({ length: count }, (_, i) => make(i))).then((all) =>
      all.map(({ status }) => status),
    );
  const count = (statuses: number[], status: number) => statuses.filter((one) => one === status).length;

  beforeAll(async () => {
    app = await start(LIMIT);
    call = caller(app);
  });
  afterAll(() => app.close());

  it('answers 429 with Retry-After beyond the limit of an address', async () => {
    const ip = newIp();
    const calls = Array.from({ length: LIMIT * 3 }, () => call('GET /probe/public', { ip }));
    const answers = await Promise.all(calls);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(LIMIT);
    expect(answers.find(({ status }) => status !== 200)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
      body: { code: 'rate_limited' },
    });
  });

  it('leaves routes with @SkipThrottle alone', async () => {
    const ip = newIp();
    const statuses = await times(LIMIT * 3, () => call('GET /probe/exempt', { ip }));
    expect(count(statuses, 200)).toBe(LIMIT * 3);
  });

  // Catches: a bucket per token instead of per known key; AccessGuard before ThrottleGuard.
  it('keeps an attacker who rotates random keys in the bucket of the address, without look-ups', async () => {
    const ip = newIp();
    const repository = app.get(KeyCredentials, { strict: false });
    const lookups = jest.spyOn(repository, 'byDigests');
    const statuses = await times(LIMIT * 10, (i) => call('GET /probe/scope', { ip, key: `random-${i}` }));
    const asked = new Set(lookups.mock.calls.flatMap(([digests]) => digests)).size;
    lookups.mockRestore();
    expect(count(statuses, 401) + count(statuses, 429)).toBe(LIMIT * 10);
    expect(count(statuses, 429)).toBeGreaterThan(LIMIT * 5);
    expect(asked).toBeLessThanOrEqual(count(statuses, 401));
  });

  // Catches: throttling good keys by their address.
  it('lets a good key through an address that strangers have used up, up to its own limit', async () => {
    const ip = newIp();
    const { key } = await makeKey(call, { allowedIps: [] });
    expect((await call('GET /probe/scope', { key, ip: newIp() })).status).toBe(200);
    await times(LIMIT * 2, (i) => call('GET /probe/scope', { ip, key: `random-${i}` }));
    expect((await call('GET /probe/scope', { key, ip })).status).toBe(200);
    const statuses = await times(LIMIT * 3, () => call('GET /probe/scope', { key, ip: newIp() }));
    expect(count(statuses, 429)).toBeGreaterThan(0);
  });

  // Catches: a bucket of its own for a key that may not be used from this address.
  it('does not let a thief at the wrong address use up the allowance of the owner', async () => {
    const home = newIp();
    const { key } = await makeKey(call, { allowedIps: [home] });
    expect((await call('GET /probe/scope', { key, ip: home })).status).toBe(200);
    const away = newIp();
    const statuses = await times(LIMIT * 3, () => call('GET /probe/scope', { key, ip: away }));
    expect(count(statuses, 429)).toBeGreaterThan(0);
    expect((await call('GET /probe/scope', { key, ip: home })).status).toBe(200);
  });
});
