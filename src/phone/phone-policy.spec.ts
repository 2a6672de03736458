import { checkAllowed, type PhonePolicy } from './phone-policy';
import type { PhoneNumberType } from './phone-number';

const check = (
  number: { country?: string | null; type?: PhoneNumberType },
  policy: PhonePolicy,
  production = true,
) => {
  const allowance = checkAllowed({ country: 'ES', type: 'mobile', ...number }, policy, production);
  return allowance.allowed || allowance.reason;
};

describe('whom an application may text', () => {
  it('is nobody in production until countries are named, and everybody elsewhere', () => {
    expect(check({}, {})).toBe('country_not_allowed');
    expect(check({}, {}, false)).toBe(true);
  });

  it('is the named countries only, in development too', () => {
    const policy = { allowedCountries: ['ES', 'PT'] };
    for (const production of [true, false]) {
      expect(check({}, policy, production)).toBe(true);
      expect(check({ country: 'FR' }, policy, production)).toBe('country_not_allowed');
      expect(check({ country: null }, policy, production)).toBe('country_not_allowed');
      expect(check({}, { allowedCountries: [] }, production)).toBe('country_not_allowed');
    }
  });

  it.each<[PhoneNumberType, true | string]>([
    ['mobile', true],
    ['fixed_line_or_mobile', true],
    ['voip', true],
    ['personal_number', true],
    ['fixed_line', 'number_type_not_allowed'],
    ['toll_free', 'number_type_not_allowed'],
    ['premium_rate', 'number_type_not_allowed'],
    ['shared_cost', 'number_type_not_allowed'],
    ['uan', 'number_type_not_allowed'],
    ['pager', 'number_type_not_allowed'],
    ['voicemail', 'number_type_not_allowed'],
    ['unknown', 'number_type_not_allowed'],
  ])('by default has numbers of type %s: %s', (type, expected) => {
    expect(check({ type }, { allowedCountries: ['ES'] })).toBe(expected);
  });

  it('follows the types an application names, in place of the default ones', () => {
    const policy: PhonePolicy = { allowedCountries: ['ES'], allowedNumberTypes: ['fixed_line'] };
    expect(check({ type: 'fixed_line' }, policy)).toBe(true);
    expect(check({ type: 'mobile' }, policy)).toBe('number_type_not_allowed');
  });

  it('speaks of the country first', () => {
    expect(check({ country: 'FR', type: 'premium_rate' }, { allowedCountries: ['ES'] })).toBe(
      'country_not_allowed',
    );
  });
});
