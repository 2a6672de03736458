import fc from 'fast-check';
import { mergePatch } from '../../common/merge-patch';
import { applicationSettings, applicationSettingsPatch } from './application-settings.dto';

const problems = (settings: unknown) =>
  applicationSettings.safeParse(settings).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('application settings', () => {
  it('takes every setting at the ends of its range', () => {
    const lowest = {
      codeLength: 4,
      codeAlphabet: 'numeric',
      ttlSeconds: 30,
      maxChecks: 1,
      whenPending: 'reject',
      cooldownSeconds: 0,
      sends: { max: 1, windowSeconds: 60 },
      lock: { afterFailures: 3, seconds: 30, knownDevices: 'exempt' },
      transaction: 'none',
      allowedChannels: ['email'],
    };
    const highest = {
      codeLength: 10,
      codeAlphabet: 'alphanumeric',
      ttlSeconds: 86_400,
      maxChecks: 10,
      whenPending: 'replace',
      cooldownSeconds: 3_600,
      sends: { max: 100, windowSeconds: 86_400 },
      lock: { afterFailures: 10, seconds: 3_600, knownDevices: 'held' },
      transaction: 'required',
      allowedChannels: ['email', 'voice', 'whatsapp', 'sms'],
    };
    expect(problems({ policy: lowest, purposes: { login: highest } })).toEqual([]);
  });

  it.each([
    ['codeLength', 3],
    ['codeLength', 11],
    ['codeLength', '6'],
    ['codeLength', 6.5],
    ['codeAlphabet', 'hex'],
    ['ttlSeconds', 29],
    ['ttlSeconds', 2_592_001],
    ['maxChecks', 0],
    ['maxChecks', 11],
    ['whenPending', 'ignore'],
    ['cooldownSeconds', -1],
    ['cooldownSeconds', 3_601],
    ['sends', 5],
    ['lock', 30],
    ['transaction', 'always'],
    ['allowedChannels', []],
    ['allowedChannels', ['sms', 'sms']],
  ])('refuses %s of %p, for the application and for a purpose', (name, value) => {
    expect(problems({ policy: { [name]: value } })).toEqual([`policy.${name}`]);
    expect(problems({ purposes: { login: { [name]: value } } })).toEqual([`purposes.login.${name}`]);
  });

  // Catches: codes that live for weeks for every purpose there is, because one of them needs it.
  it('let codes live for more than a day for a purpose only', () => {
    expect(problems({ policy: { ttlSeconds: 86_401 } })).toEqual(['policy.ttlSeconds']);
    expect(problems({ policy: { longLived: true } })).toEqual(['policy']);
    expect(problems({ purposes: { door: { ttlSeconds: 2_592_000, longLived: true } } })).toEqual([]);
  });

  it.each([
    ['max', 0],
    ['max', 101],
    ['windowSeconds', 59],
    ['windowSeconds', 86_401],
  ])('refuses sends.%s of %p', (name, value) => {
    expect(problems({ policy: { sends: { [name]: value } } })).toEqual([`policy.sends.${name}`]);
  });

  it.each([
    ['afterFailures', 2],
    ['afterFailures', 11],
    ['seconds', 29],
    ['seconds', 3_601],
    ['knownDevices', 'banned'],
  ])('refuses lock.%s of %p: a lock may only be stricter than usual', (name, value) => {
    expect(problems({ policy: { lock: { [name]: value } } })).toEqual([`policy.lock.${name}`]);
  });

  it.each([
    ['profile', 'soc2'],
    ['brand', 'x'.repeat(31)],
    ['brand', '  '],
    ['brand', 'two\nlines'],
    ['brand', 'reversed \u202etxt'],
    ['contact', 'bell \u0007'],
    ['locale', 'english please'],
    ['allowedCountries', ['XX']],
    ['allowedCountries', ['ſs']],
    ['allowedNumberTypes', ['satellite']],
    ['webOtpDomain', 'https://example.com'],
    ['webOtpDomain', 'example.com/path'],
    ['webOtpDomain', '192.0.2.1'],
    ['appHash', 'short'],
    ['appHash', 'FA+9qCX9VS '],
    ['disabled', 'yes'],
    ['channelRoutes', { sms: '*:console' }],
    ['channelRoutes', { voice: '' }],
    ['purposes', { 'Not a slug': {} }],
  ])('refuses %s of %p', (name, value) => {
    expect(problems({ [name]: value })[0]).toMatch(new RegExp(`^${name}`));
  });

  it('takes rules of delivery at the ends of their ranges', () => {
    const lowest = {
      onUnknown: 'wait',
      maxCalls: 1,
      attemptTimeoutMs: 1_000,
      deadlineMs: 1_000,
      failoverWithinSeconds: 0,
    };
    const highest = {
      onUnknown: 'repeat',
      maxCalls: 10,
      attemptTimeoutMs: 10_000,
      deadlineMs: 20_000,
      failoverWithinSeconds: 3_600,
    };
    expect([lowest, highest, {}].flatMap((delivery) => problems({ delivery }))).toEqual([]);
  });

  it.each([
    ['onUnknown', 'retry'],
    ['maxCalls', 0],
    ['maxCalls', 11],
    ['maxCalls', 2.5],
    ['attemptTimeoutMs', 999],
    ['attemptTimeoutMs', 10_001],
    ['deadlineMs', 999],
    ['deadlineMs', 20_001],
    ['deadlineMs', '15000'],
    ['failoverWithinSeconds', -1],
    ['failoverWithinSeconds', 3_601],
    ['failoverWithinSeconds', 0.5],
  ])('refuses delivery.%s of %p', (name, value) => {
    expect(problems({ delivery: { [name]: value } })).toEqual([`delivery.${name}`]);
  });

  const wait = (channel: string, waitSeconds: unknown = 30) => ({ channel, waitSeconds });

  it('takes one to four channels, each once', () => {
    const all = [wait('whatsapp', 10), wait('sms', 600), wait('voice'), wait('email')];
    expect([...problems({ channels: all }), ...problems({ channels: all.slice(0, 1) })]).toEqual([]);
  });

  it.each<[string, unknown[], string]>([
    ['no channel', [], 'channels'],
    ['a channel twice', [wait('sms'), wait('voice'), wait('sms')], 'channels'],
    ['a channel that does not exist', [wait('fax')], 'channels.0.channel'],
    ['too short a wait', [wait('sms', 9)], 'channels.0.waitSeconds'],
    ['too long a wait', [wait('voice'), wait('sms', 601)], 'channels.1.waitSeconds'],
    ['no wait', [{ channel: 'sms' }], 'channels.0.waitSeconds'],
    ['something else', [{ ...wait('sms'), weight: 1 }], 'channels.0'],
  ])('refuses %s', (_name, channels, path) => {
    expect(problems({ channels })).toEqual([path]);
  });

  it('removes one route of a channel, or one rule, and leaves the others', () => {
    const settings = {
      channelRoutes: { voice: '*:console', email: '*:console' },
      delivery: { onUnknown: 'wait', deadlineMs: 5_000 },
    };
    const patch = applicationSettingsPatch.parse({
      channelRoutes: { voice: null },
      delivery: { deadlineMs: null, attemptTimeoutMs: 2_000 },
    });
    expect(mergePatch(applicationSettings.parse(settings), patch)).toEqual({
      channelRoutes: { email: '*:console' },
      delivery: { onUnknown: 'wait', attemptTimeoutMs: 2_000 },
    });
  });

  it.each([
    ['a template without the code', { text: 'Hello' }, 'templates.0.text'],
    ['an unknown variable', { text: '{code} {name}' }, 'templates.0.text'],
    ['a brace too few', { text: '{code' }, 'templates.0.text'],
    ['a brace too many', { text: '{code}}' }, 'templates.0.text'],
    ['a text that is too long', { text: '{code}'.padEnd(1_001, 'x') }, 'templates.0.text'],
    ['a code in the subject', { text: '{code}', subject: '{code}' }, 'templates.0.subject'],
    ['a purpose that is none', { text: '{code}', purpose: 'Not a slug' }, 'templates.0.purpose'],
    ['a channel that is none', { text: '{code}', channel: 'fax' }, 'templates.0.channel'],
    ['a template for WhatsApp', { text: '{code}', channel: 'whatsapp' }, 'templates.0.channel'],
    ['a language that is none', { text: '{code}', locale: 'not one' }, 'templates.0.locale'],
  ])('refuses %s and names the place', (_, template, path) => {
    expect(problems({ templates: [template] })).toEqual([path]);
    const patched = applicationSettingsPatch.safeParse({ templates: [template] });
    expect(patched.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  it('takes 50 templates, and stores their languages in one spelling', () => {
    const templates = Array.from({ length: 50 }, () => ({ text: '{code}', locale: 'es-mx' }));
    expect(applicationSettings.parse({ templates }).templates?.[0]?.locale).toBe('es-MX');
    expect(problems({ templates: [...templates, { text: '{code}' }] })).toEqual(['templates']);
  });

  it('stores countries, locale and domain in one spelling', () => {
    const settings = { allowedCountries: ['es', 'ES', 'mx'], locale: 'es-mx', webOtpDomain: 'Example.COM' };
    expect(applicationSettings.parse(settings)).toEqual({
      allowedCountries: ['ES', 'MX'],
      locale: 'es-MX',
      webOtpDomain: 'example.com',
    });
  });

  it('names a setting that does not exist, also in a change that would remove it', () => {
    expect(applicationSettings.safeParse({ colour: 'red' }).success).toBe(false);
    expect(applicationSettings.safeParse({ policy: { colour: 'red' } }).success).toBe(false);
    expect(applicationSettingsPatch.safeParse({ colour: null }).success).toBe(false);
    expect(applicationSettingsPatch.safeParse({ purposes: { login: { colour: null } } }).success).toBe(false);
  });

  it('are still valid after any valid change', () => {
    const policyOf = (nullable: boolean) => {
      const field = <T>(value: fc.Arbitrary<T>) => (nullable ? fc.option(value) : value);
      const sends = fc.record({ max: field(fc.integer({ min: 1, max: 100 })) }, { requiredKeys: [] });
      return fc.record(
        { codeLength: field(fc.integer({ min: 4, max: 10 })), sends: field(sends) },
        { requiredKeys: [] },
      );
    };
    const settingsOf = (nullable: boolean) => {
      const field = <T>(value: fc.Arbitrary<T>) => (nullable ? fc.option(value) : value);
      const purposes = fc.dictionary(fc.constantFrom('login', 'constructor'), field(policyOf(nullable)));
      return fc.record(
        {
          brand: field(fc.constant('Acme')),
          policy: field(policyOf(nullable)),
          allowedCountries: field(fc.subarray(['ES', 'MX'])),
          purposes: field(purposes),
        },
        { requiredKeys: [] },
      );
    };
    fc.assert(
      fc.property(settingsOf(false), settingsOf(true), (settings, change) => {
        const patch = applicationSettingsPatch.parse(change);
        expect(problems(mergePatch(applicationSettings.parse(settings), patch))).toEqual([]);
      }),
    );
  });
});
