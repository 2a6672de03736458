import { noSenders } from '../../../test/builders/senders';
import { channels } from '../../common/channel';
import type { ApplicationSettings } from '../application';
import { noticesFor } from './notices';
import { problemsOf } from './settings-rules';

const purposes = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `p${from + i}`);
const named = (names: string[]) => Object.fromEntries(names.map((name) => [name, {}]));

const console = { name: 'console', channels, senders: noSenders };
const http = { name: 'http', channels: ['sms'] as const, senders: noSenders };
const nowhere = { gateways: [], riskChecks: [], isProduction: false };
const here = { ...nowhere, gateways: [console, http] };

describe('settings as a whole', () => {
  it('may name 20 purposes together with those in use, not 21', () => {
    const used = purposes(0, 12);
    expect(problemsOf({ purposes: used, settings: { purposes: named(purposes(8, 20)) } }, nowhere)).toEqual(
      [],
    );
    expect(
      problemsOf({ purposes: used, settings: { purposes: named(purposes(8, 21)) } }, nowhere),
    ).toMatchObject([{ path: 'settings.purposes' }]);
  });

  it('may route to gateways that the server has settings for, and to no other', () => {
    const routed = (routes: string) => problemsOf({ purposes: [], settings: { routes } }, here);
    expect(routed('ES:http,console;*:console')).toEqual([]);
    expect(routed('*:twilio')).toMatchObject([{ path: 'settings.routes' }]);
    expect(routed('nonsense')).toMatchObject([{ path: 'settings.routes' }]);
  });

  // Catches: an application whose calls are routed to a gateway that can only text.
  it('may route a channel only to gateways that can carry it', () => {
    const routed = (channelRoutes: Record<string, string>) =>
      problemsOf({ purposes: [], settings: { channelRoutes } }, here);
    expect(routed({ voice: '*:console', whatsapp: 'ES:console*3', email: '*:console' })).toEqual([]);
    expect(routed({ voice: '*:http', email: '*:nobody' })).toEqual([
      {
        path: 'settings.channelRoutes.voice',
        message: '"http" cannot carry the channel voice; these can: console',
      },
      {
        path: 'settings.channelRoutes.email',
        message: '"nobody" is no gateway here; there are: console, http',
      },
    ]);
  });
});

it('risk checks among the settings are those of the server', () => {
  const riskChecks = [{ check: 'turnstile', when: 'always', onUnavailable: 'closed' }] as const;
  const server = { ...nowhere, riskChecks: [{ name: 'turnstile', asksThePerson: true }] };
  const problems = (home: typeof server | typeof nowhere) =>
    problemsOf({ purposes: [], settings: { riskChecks } }, home);
  expect(problems(server)).toEqual([]);
  expect(problems(nowhere)).toMatchObject([{ path: 'settings.riskChecks.0.check' }]);
});

describe('test numbers among the settings', () => {
  const testNumbers = [
    { to: '+12015550123', code: '424242' },
    { to: '+12015550124', code: '424242', expiresAt: '2030-01-31T12:00:00Z' },
  ];
  const paths = (isProduction: boolean) =>
    problemsOf({ purposes: [], settings: { testNumbers } }, { ...nowhere, isProduction }).map(
      ({ path }) => path,
    );

  // Catches: a way in without a phone that somebody forgets in production.
  it('have an end in production', () => {
    expect(paths(true)).toEqual(['settings.testNumbers.0.expiresAt']);
    expect(paths(false)).toEqual([]);
  });
});

describe('templates among the settings', () => {
  const paths = (settings: ApplicationSettings) =>
    problemsOf({ purposes: [], settings }, nowhere).map(({ path }) => path);

  it('name the place of what does not suit them', () => {
    const templates = [
      { text: '{code}' },
      { text: '{brand}: {code}', purpose: 'login' },
      { text: '{code} https://acme.example', purpose: 'vote', subject: 'acme.example' },
    ];
    expect(paths({ templates })).toEqual([
      'settings.templates.1.text',
      'settings.templates.2.text',
      'settings.templates.2.subject',
    ]);
    expect(paths({ templates, brand: 'Acme', allowLinks: true })).toEqual([]);
  });

  it('are each for something else', () => {
    const first = { text: '{code}', purpose: 'login' };
    const payment = { text: '{code} {amount} {currency} {payee}', purpose: 'login' };
    expect(paths({ templates: [first, payment, { ...first, locale: 'es' }] })).toEqual([]);
    expect(paths({ templates: [first, payment, { ...first, text: 'Again {code}' }] })).toEqual([
      'settings.templates.2',
    ]);
  });
});

describe('a life of more than a day among the settings', () => {
  const problems = (settings: ApplicationSettings) => problemsOf({ purposes: [], settings }, nowhere);

  // Catches: weeks by a slip of the finger; a life that stays when longLived is taken away.
  it('needs longLived for its purpose, and the refusal says so', () => {
    const door = { ttlSeconds: 86_401 };
    expect(problems({ purposes: { door } })).toEqual([
      {
        path: 'settings.purposes.door.ttlSeconds',
        message: expect.stringContaining('set settings.purposes.door.longLived to true') as string,
      },
    ]);
    expect(problems({ purposes: { door: { ...door, longLived: false } } })).toHaveLength(1);
    expect(problems({ purposes: { door: { ...door, longLived: true } } })).toEqual([]);
    expect(problems({ purposes: { door: { ttlSeconds: 86_400 } } })).toEqual([]);
  });

  it('is noted as beyond NIST, and refused by the profiles that limit the life of codes', () => {
    const purposes = { door: { ttlSeconds: 2_592_000, longLived: true } };
    expect(noticesFor({ purposes })).toMatchObject([
      { setting: 'purposes.door.ttlSeconds', rule: 'nist_800_63b_code_lifetime' },
    ]);
    for (const profile of ['nist', 'owasp-asvs-l2'] as const)
      expect(problems({ purposes, profile })).toMatchObject([{ path: 'settings.purposes.door.ttlSeconds' }]);
  });
});

describe('a profile among the settings', () => {
  const paths = (settings: ApplicationSettings) =>
    problemsOf({ purposes: [], settings }, nowhere).map(({ path }) => path);

  // Catches: a profile that nobody asks about when settings are saved.
  it('refuses what breaks it, each where it was set', () => {
    const policy = { ttlSeconds: 601, lock: { seconds: 60 } };
    expect(paths({ policy })).toEqual([]);
    expect(paths({ policy, profile: 'nist' })).toEqual(['settings.policy.ttlSeconds']);
    expect(paths({ policy, profile: 'pci' })).toEqual(['settings.policy.lock.seconds']);
    expect(paths({ purposes: { login: policy }, profile: 'psd2' })).toEqual([
      'settings.purposes.login.lock.seconds',
    ]);
  });

  it('or a list of allowed channels refuses an order of channels that has others', () => {
    const channels = [
      { channel: 'sms', waitSeconds: 30 },
      { channel: 'email', waitSeconds: 30 },
    ] as const;
    expect(paths({ channels })).toEqual([]);
    expect(paths({ channels, profile: 'nist' })).toEqual(['settings.channels.1.channel']);
    expect(paths({ channels, policy: { allowedChannels: ['email'] } })).toEqual([
      'settings.channels.0.channel',
    ]);
  });
});

describe('notices', () => {
  it('name each setting that is weaker than NIST asks for, where it is set', () => {
    const settings = {
      policy: { codeLength: 5, ttlSeconds: 601 },
      purposes: { door: { codeLength: 4 }, login: { codeLength: 8, ttlSeconds: 600 } },
    };
    expect(noticesFor(settings).map(({ setting, rule }) => [setting, rule])).toEqual([
      ['policy.codeLength', 'nist_800_63b_code_length'],
      ['policy.ttlSeconds', 'nist_800_63b_code_lifetime'],
      ['purposes.door.codeLength', 'nist_800_63b_code_length'],
    ]);
  });

  it('are none for the defaults', () => expect(noticesFor({})).toEqual([]));
});
