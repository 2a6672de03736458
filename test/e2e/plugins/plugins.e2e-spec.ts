import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { ExitCode } from '../../../src/database/startup-error';
import { AppProcess } from '../../support/app-process';
import { within } from '../../support/job-instance';
import { testServerUri } from '../../support/mongo';

const fixtures = './test/e2e/plugins/fixtures';

interface Verification {
  readonly id: string;
  readonly status: string;
  readonly deliveries: readonly { readonly attempts: readonly Readonly<Record<string, unknown>>[] }[];
}

jest.setTimeout(180_000);

describe('a server with plug-ins', () => {
  let folder: string;
  let app: AppProcess;
  let env: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sixdigit-plugins-'));
    env = {
      MONGODB_URI: testServerUri(`plugins_${process.pid}_${Date.now()}`),
      DATA_DIR: folder,
      PLUGINS: `${fixtures}/acme.mjs, ${fixtures}/acme.cjs`,
      SMS_ROUTES: '*:acme-sms,console',
      SMS_ACME_SMS_FILE: join(folder, 'messages'),
      SMS_ACME_SMS_TOKEN: 'token-000001',
      SINK_ACME_LOG_FILE: join(folder, 'events'),
    };
    app = await AppProcess.start({ env });
  });
  afterAll(async () => {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const lines = async (name: string): Promise<Record<string, unknown>[]> => {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    const whole = text.split('\n').filter((line) => line !== '');
    return whole.map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const json = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    (await (await app.call(method, path, body)).json()) as T;
  const create = (to: string, more: object = {}) =>
    json<Verification>('POST', '/v1/verifications', { to, locale: 'eu', ...more });
  const asOperator = async <T>(method: string, path: string, body?: unknown) =>
    (await (await app.call(method, path, body, { authorization: `Bearer ${app.adminKey}` })).json()) as T;

  it('sends through the gateway, in the words of the text', async () => {
    await create('+34600000010');
    await within(10_000, async () => (await lines('messages')).length > 0);
    expect((await lines('messages'))[0]).toEqual({
      to: '+34600000010',
      text: expect.stringMatching(/^Zure kodea \d{6} da, \d+ minutuz\.$/) as string,
      locale: 'eu',
    });
    expect(await json('POST', '/v1/messages/preview', { locale: 'eu' })).toMatchObject({
      source: 'plugin',
      locale: 'eu',
    });
    // Shows {brand}, and this application has none.
    const login = await json<{ text: string }>('POST', '/v1/messages/preview', {
      locale: 'eu',
      purpose: 'login',
    });
    expect(login.text).toBe('Zure kodea 123456 da, 10 minutuz.');
    const template = { text: 'Mine: {code}', locale: 'eu' };
    expect(await json('POST', '/v1/messages/preview', { locale: 'eu', template })).toMatchObject({
      source: 'template',
    });
  });

  it('shows it among the gateways and in the health', async () => {
    const { data } = await asOperator<{ data: { name: string; title: string }[] }>('GET', '/v1/gateways');
    expect(data.find(({ name }) => name === 'acme-sms')).toMatchObject({
      title: 'Acme SMS',
      channels: ['sms', 'email'],
    });
    const { checks } = await asOperator<{ checks: Record<string, object> }>('GET', '/health/ready');
    expect(JSON.stringify(checks['gateways'])).toContain('acme');
  });

  // Catches: an exception of somebody else's code that ends the process, or an outcome that no rule knows.
  it.each([1, 2, 3, 4, 5, 6, 7])('goes on to the next gateway when it misbehaves: %i', async (how) => {
    // After five failures the breaker of a country is open.
    const created = await create(how < 5 ? `+3460000002${how}` : `+3361234567${how}`);
    expect(created).toHaveProperty('id');
    const { id } = created;
    let attempts: readonly Readonly<Record<string, unknown>>[] = [];
    await within(20_000, async () => {
      const seen = await json<Verification>('GET', `/v1/verifications/${id}`);
      attempts = seen.deliveries.flatMap((one) => one.attempts);
      return attempts.some(({ provider, outcome }) => provider === 'console' && outcome === 'accepted');
    });
    expect(attempts[0]).toMatchObject({ provider: 'acme-sms', outcome: 'unknown' });
    expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
  });

  it('tells the sink what is in the audit log, within seconds, and shows one that is down', async () => {
    const { id } = await create('+34600000030');
    await within(15_000, async () => (await lines('events')).some((event) => event['verificationId'] === id));
    const [event] = (await lines('events')).filter((one) => one['verificationId'] === id);
    expect(event).toMatchObject({ type: 'created', seq: 1, to: expect.stringContaining('*') as string });
    let found: Record<string, unknown> = {};
    await within(10_000, async () => {
      const { checks } = await asOperator<{ checks: Record<string, Record<string, unknown>> }>(
        'GET',
        '/health/ready',
      );
      found = checks['eventSinks'] ?? {};
      return found['acmeDownState'] === 'failing';
    });
    expect(found).toMatchObject({ status: 'up', acmeLogState: 'ok', acmeDownError: 'E_DOWN' });
    expect(found['acmeDownLagSeconds']).toBeGreaterThan(0);
  });

  it('asks the risk check, and takes nonsense for no verdict', async () => {
    const riskChecks = [{ check: 'acme-risk', when: 'always', onUnavailable: 'closed' }];
    const { data } = await asOperator<{ data: { id: string; version: number }[] }>('GET', '/v1/applications');
    const patched = await app.call(
      'PATCH',
      `/v1/applications/${data[0]?.id}`,
      { settings: { riskChecks } },
      {
        authorization: `Bearer ${app.adminKey}`,
      },
    );
    expect({ status: patched.status, body: await patched.json() }).toMatchObject({ status: 200 });
    const status = async (deviceId: string) =>
      (await app.call('POST', '/v1/verifications', { to: '+34600000040', deviceId })).status;
    expect(await status('good-device')).toBe(201);
    expect(await status('bad-device')).toBe(403);
    expect(await status('odd-device')).toBe(503);
  });

  // Catches: a cursor that is moved before the sink has the events.
  it('tells a sink again what it had when the process was killed before it knew', async () => {
    const events = join(folder, 'again');
    const more = {
      ...env,
      MONGODB_URI: testServerUri(`plugins_kill_${process.pid}_${Date.now()}`),
      SINK_ACME_LOG_FILE: events,
    };
    const dying = await AppProcess.start({ env: { ...more, SINK_ACME_LOG_DIES: 'yes' } });
    await dying.call('POST', '/v1/verifications', { to: '+34600000050' });
    await expect(dying.exited).resolves.toMatchObject({ signal: 'SIGKILL' });
    const before = await lines('again');
    expect(before.length).toBeGreaterThan(0);
    const next = await AppProcess.start({ env: more });
    // In place of the 70 s that the lease of the one that was killed lasts.
    const client = await new mongo.MongoClient(more.MONGODB_URI).connect();
    await client.db().collection('leases').deleteMany({});
    await client.close();
    await within(20_000, async () => (await lines('again')).length >= 2 * before.length);
    await next.stop();
    const ids = (await lines('again')).map(({ id }) => id);
    expect(ids.slice(before.length, 2 * before.length)).toEqual(before.map(({ id }) => id));
  });
});

describe('a server that cannot use a plug-in', () => {
  const refused = async (env: Record<string, string>) => {
    const app = await AppProcess.start({ env: { NODE_ENV: 'test', ...env }, waitUntilReady: false });
    const { code } = await app.exited;
    return { code, words: app.stderr };
  };

  it('does not start, and says of each what to do', async () => {
    const names = [
      'gone.js',
      'folder',
      'compiled.ts',
      'throws.mjs',
      'hangs.mjs',
      'nothing.cjs',
      'taken.cjs',
      'taken.cjs',
    ];
    const plugins = [...names.map((name) => `${fixtures}/${name}`), '@acme/sixdigit-risk'];
    const { code, words } = await refused({ PLUGINS: plugins.join(','), PORT: '99999' });
    expect(code).toBe(ExitCode.wrongSetting);
    const lines = words.replaceAll(`${fixtures}/`, '').split('\n');
    for (const [name, remedy] of [
      ['gone.js', /does not exist at .*; paths are relative to the working directory$/],
      ['folder', /is a directory without a package\.json whose "main" is there; name the file$/],
      ['compiled.ts', /is TypeScript, which this Node\.js does not read: compile it/],
      ['throws.mjs', /threw while it was loaded: Error: no table of prices$/],
      ['hangs.mjs', /did not end loading within 10 s/],
      ['nothing.cjs', /exports no definition: export what defineGateway, defineText/],
      ['taken.cjs', /is named twice; remove one$/],
      [
        'taken.cjs',
        /the gateway "twilio" has a name that one that is built in has taken: give it another one$/,
      ],
      ['taken.cjs', /the gateway "mine" has a name that "taken\.cjs" has taken: give it another one$/],
      ['taken.cjs', /the gateway "Mine" name: must be lower-case/],
      ['taken.cjs', /the gateway "future" was made for version 2 of the port; this release knows 1:/],
      ['taken.cjs', /the gateway "halved" create: must be a function/],
      ['@acme/sixdigit-risk', /is not installed in .*; run npm install @acme\/sixdigit-risk/],
    ] as const) {
      const own = lines.filter((line) => line.startsWith(`  - PLUGINS: "${name}": `));
      expect(own).toContainEqual(expect.stringMatching(remedy));
    }
    expect(words).toContain('  - PORT: must be');
  });

  it('says which settings are missing or misspelt, by name', async () => {
    const { code, words } = await refused({
      PLUGINS: `${fixtures}/acme.mjs,${fixtures}/acme.cjs`,
      SMS_ROUTES: '*:acme-sms',
      SMS_ACME_SMS_TOKNE: 'hush-hush',
      SMS_ACME_SMS_TOKEN: 'hush',
    });
    expect(code).toBe(ExitCode.wrongSetting);
    expect(words).toContain(
      'SMS_ACME_SMS_FILE: is missing; the gateway "acme-sms" needs it (Where messages end)',
    );
    expect(words).toContain('SMS_ACME_SMS_TOKNE: is not known; did you mean SMS_ACME_SMS_TOKEN?');
    expect(words).toContain('SMS_ACME_SMS_TOKEN: must have 8 characters');
    expect(words).toContain(
      'SINK_ACME_LOG_FILE: is missing; the event sink "acme-log" needs it (Where events end)',
    );
    expect(words).not.toContain('hush');
  });

  it('says what create gave back that is no gateway', async () => {
    const { code, words } = await refused({
      MONGODB_URI: testServerUri(`plugins_create_${process.pid}`),
      PLUGINS: `${fixtures}/creates-nothing.cjs`,
      SMS_ROUTES: '*:creates-nothing',
    });
    expect(words).toContain(
      `PLUGINS: "${fixtures}/creates-nothing.cjs": the gateway "creates-nothing" cannot be used; create returned something without send(): add it`,
    );
    expect(code).toBe(ExitCode.wrongSetting);
  });
});
