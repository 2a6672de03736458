import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { someGateways } from '../test/builders/gateways';
import { ConfigModule, readSettings } from './config.module';
import { envNames } from './env';
import { loadSettings } from './load-settings';
import {
  AuditSettings,
  EventSinkSettings,
  HostedSettings,
  SchedulerSettings,
  LimitSettings,
  RiskSettings,
  MongoSettings,
  OutboundSettings,
  PhoneSettings,
  SecretSettings,
  ServerSettings,
  SmsSettings,
} from './settings';
import { SettingsError } from './settings-error';

describe('readSettings', () => {
  let folder: string;
  let file: string;
  const before = { ...process.env };

  beforeEach(async () => {
    for (const name of envNames) if (name !== 'NODE_ENV') delete process.env[name];
    folder = await mkdtemp(join(tmpdir(), 'settings-'));
    file = join(folder, '.env');
  });

  afterEach(async () => {
    process.env = { ...before };
    await rm(folder, { recursive: true });
  });

  it('reads the file', async () => {
    await writeFile(
      file,
      '# a comment\nTRUST_PROXY=3\nSMS_ROUTES="*:http"\nSMS_HTTP_URL=https://x.example/send\n',
    );
    const settings = readSettings(someGateways, file);
    expect(settings.server.trustProxyHops).toBe(3);
    expect(settings.sms.gateways).toEqual({ console: {}, http: { url: 'https://x.example/send' } });
  });

  // Catches: quotes of a value that the file's own quotes eat.
  it.each([
    [`'"Acme; # 1" <a@x.example>'`, '"Acme; # 1" <a@x.example>'],
    ['"Acme" <a@x.example>', '"Acme" <a@x.example>'],
    ['`"Acme\'s" <a@x.example>`', `"Acme's" <a@x.example>`],
    ['"Acme <a@x.example>"', 'Acme <a@x.example>'],
    ['"\\"Acme\\" <a@x.example>"', '\\"Acme\\" <a@x.example>'],
  ])('reads a value with quotes of its own: %s', async (written, read) => {
    await writeFile(file, `SMS_ROUTES=*:acme\nSMS_ACME_TOKEN=12345678\nSMS_ACME_USERNAME=${written}\n`);
    expect(readSettings(someGateways, file).sms.gateways['acme']).toMatchObject({ username: read });
  });

  it('lets the environment win over the file', async () => {
    await writeFile(file, 'TRUST_PROXY=3\n');
    process.env.TRUST_PROXY = '1';
    expect(readSettings(someGateways, file).server.trustProxyHops).toBe(1);
  });

  it('does not need a file', () => {
    expect(readSettings(someGateways, file).server.port).toBe(3000);
  });

  // Safety: fails when the file is read by `ConfigModule.forRoot` of @nestjs/config, which copies its variables.
  it('keeps what is in the file out of the environment of child processes', async () => {
    await writeFile(file, `ADMIN_KEY=${'k'.repeat(40)}\n`);
    expect(readSettings(someGateways, file).secrets.adminKey).toBe('k'.repeat(40));
    expect(process.env.ADMIN_KEY).toBeUndefined();
  });

  it('tells when others can read a file that holds a secret', async () => {
    await writeFile(file, 'SMS_ROUTES=*:console\n');
    await chmod(file, 0o644);
    expect(readSettings(someGateways, file).warnings).toEqual([]);
    await writeFile(file, 'SMS_ACME_TOKEN=token-0001\n');
    expect(readSettings(someGateways, file).warnings).toEqual([expect.stringMatching(/^\.env: .*mode 0644/)]);
    await chmod(file, 0o600);
    expect(readSettings(someGateways, file).warnings).toEqual([]);
  });

  it('reports what is wrong in the file', async () => {
    await writeFile(file, 'TRUST_PROXY=many\n');
    expect(() => readSettings(someGateways, file)).toThrow(SettingsError);
  });
});

describe('ConfigModule', () => {
  it('hands out every slice by its token', async () => {
    const settings = loadSettings({}, someGateways);
    const app = await Test.createTestingModule({ imports: [ConfigModule.forRoot(settings)] }).compile();
    const { warnings: _warnings, ...slices } = settings;
    const tokens = [
      ServerSettings,
      MongoSettings,
      SecretSettings,
      SmsSettings,
      OutboundSettings,
      LimitSettings,
      RiskSettings,
      EventSinkSettings,
      AuditSettings,
      PhoneSettings,
      HostedSettings,
      SchedulerSettings,
    ];
    expect(tokens.map((token) => app.get<unknown>(token))).toEqual(Object.values(slices));
  });
});
