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
    };
    const highest = {
      codeLength: 10,
      codeAlphabet: 'alphanumeric',
      ttlSeconds: 86_400,
      maxChecks: 10,
      whenPending: 'replace',
      cooldownSeconds: 3_600,
      sends: { max: 100, windowSeconds: 86_400 },
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
    ['ttlSeconds', 86_401],
    ['maxChecks', 0],
    ['maxChecks', 11],
    ['whenPending', 'ignore'],
    ['cooldownSeconds', -1],
    ['cooldownSeconds', 3_601],
    ['sends', 5],
  ])('refuses %s of %p, for the application and for a purpose', (name, value) => {
    expect(problems({ policy: { [name]: value } })).toEqual([`policy.${name}`]);
    expect(problems({ purposes: { login: { [name]: value } } })).toEqual([`purposes.login.${name}`]);
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
    ['brand', 'x'.repeat(31)],
    ['brand', '  '],
    ['brand', 'two\nlines'],
    ['brand', 'reversed \u202etxt'],
    ['contact', 'bell \u0007'],
    ['locale', 'english please'],
    ['allowedCountries', ['XX']],
    ['allowedNumberTypes', ['satellite']],
    ['webOtpDomain', 'https://example.com'],
    ['webOtpDomain', 'example.com/path'],
    ['webOtpDomain', '192.0.2.1'],
    ['appHash', 'short'],
    ['appHash', 'FA+9qCX9VS '],
    ['disabled', 'yes'],
    ['purposes', { 'Not a slug': {} }],
  ])('refuses %s of %p', (name, value) => {
    expect(problems({ [name]: value })[0]).toMatch(new RegExp(`^${name}`));
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
