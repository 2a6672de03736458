import { DomainError } from '../common/errors';
import { phoneNumberTypes, type PhoneNumberType } from './phone-number';
import type { PhonePolicy } from './phone-policy';
import { PhoneService } from './phone.service';

const phones = (defaultCountry: string | null = null) =>
  new PhoneService({ defaultCountry }, { now: () => NOW });
const NOW = Date.parse('2030-01-31T12:00:00Z');

const refusal = (action: () => unknown): DomainError => {
  try {
    action();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

describe('resolving a number', () => {
  it('uses the country of the call, in either case, before the default of the server', () => {
    const resolve = (to: string, country?: string) => phones('ES').resolve({ to, country }, {}, false).e164;
    expect(resolve('600123456')).toBe('+34600123456');
    expect(resolve('07400 123456', 'GB')).toBe('+447400123456');
    expect(resolve('07400 123456', 'gb')).toBe('+447400123456');
  });

  it.each([
    ['+34600', undefined, 'too_short', 'to'],
    ['+999123456', undefined, 'unknown_country', 'to'],
    ['+55 11 8765 4321', undefined, 'outdated_format', 'to'],
    ['+34600123456', 'XX', 'unknown_country', 'country'],
    ['600123456', undefined, 'country_required', 'country'],
    ['+34600123456 ext 5', 'ES', 'not_a_number', 'to'],
  ])('refuses %j with country %j: %s at %s', (to, country, reason, path) => {
    const error = refusal(() => phones().resolve({ to, country }, {}, false));
    expect(error.code).toBe('phone_invalid');
    expect(error.details).toMatchObject({ reason, errors: [{ path }] });
  });

  it('never repeats the input in an error', () => {
    for (const [to, settings] of [
      ['+34600123', {}],
      ['+34600123456x77', {}],
      ['+34600123456', { allowedCountries: ['PT'] }],
      ['+34911234567', {}],
    ] as const) {
      const error = refusal(() => phones().resolve({ to }, settings, false));
      expect(JSON.stringify([error.message, error.details, error.stack])).not.toMatch(/\d{5}/);
    }
  });

  it('holds to the settings of the application', () => {
    const resolve = (to: string, settings: PhonePolicy, production = false) =>
      refusal(() => phones().resolve({ to }, settings, production)).code;
    expect(resolve('+34600123456', {}, true)).toBe('country_not_allowed');
    expect(resolve('+34600123456', { allowedCountries: ['PT'] })).toBe('country_not_allowed');
    expect(resolve('+34911234567', {})).toBe('number_type_not_allowed');
  });
});

describe('the type of a number', () => {
  // Numbers that the plans themselves give as examples. Catches: a type that the parser or the policy does not tell apart.
  it.each<[PhoneNumberType, string, boolean]>([
    ['mobile', '+447400123456', true],
    ['fixed_line_or_mobile', '+12015550123', true],
    ['voip', '+445612345678', true],
    ['personal_number', '+447012345678', true],
    ['fixed_line', '+441212345678', false],
    ['premium_rate', '+449012345678', false],
    ['toll_free', '+448001234567', false],
    ['shared_cost', '+34901123456', false],
    ['uan', '+445512345678', false],
    ['pager', '+447640123456', false],
  ])(
    'knows the type of %s (%s), and texts it when the application names that type',
    (type, to, byDefault) => {
      const allowed = (settings: PhonePolicy, production = true) =>
        phones().report({ to }, { allowedCountries: ['ES', 'GB', 'US'], ...settings }, production);
      expect(allowed({})).toMatchObject({
        type,
        allowed: byDefault,
        allowedReason: byDefault ? null : 'number_type_not_allowed',
      });
      expect(allowed({ allowedNumberTypes: [type] }).allowed).toBe(true);
      const others = phoneNumberTypes.filter((one) => one !== type);
      expect(allowed({ allowedNumberTypes: others }).allowedReason).toBe('number_type_not_allowed');
      // The types hold in development as well; only the countries are open there.
      expect(phones().report({ to }, {}, false).allowed).toBe(byDefault);
    },
  );
});

describe('the number that is meant', () => {
  it('is found for look-ups also where the application may not text it', () => {
    expect(phones('ES').canonical({ to: '911 23 45 67' }).e164).toBe('+34911234567');
    expect(refusal(() => phones().canonical({ to: '911 23 45 67' })).details.reason).toBe('country_required');
  });
});

describe('the report on a number', () => {
  it('has everything about a valid number, and whether the application may text it', () => {
    expect(phones().report({ to: '0600 123456', country: 'es' }, {}, true)).toMatchObject({
      valid: false,
      reason: 'too_long',
    });
    expect(phones().report({ to: '600 123 456', country: 'es' }, {}, true)).toEqual({
      valid: true,
      reason: null,
      e164: '+34600123456',
      national: '600 12 34 56',
      international: '+34 600 12 34 56',
      country: 'ES',
      callingCode: '34',
      type: 'mobile',
      allowed: false,
      allowedReason: 'country_not_allowed',
    });
  });

  it('says allowed with no reason where the rules agree', () => {
    const report = phones().report({ to: '+34600123456' }, { allowedCountries: ['ES'] }, true);
    expect(report).toMatchObject({ allowed: true, allowedReason: null });
  });

  it('has the reason and nothing else about junk', () => {
    expect(phones().report({ to: 'hello' }, {}, false)).toEqual({
      valid: false,
      reason: 'not_a_number',
      e164: null,
      national: null,
      international: null,
      country: null,
      callingCode: null,
      type: null,
      allowed: false,
      allowedReason: null,
    });
  });
});
