import fc from 'fast-check';
import { readNumber } from '../../test/builders/read-number';
import { Metadata, type MetadataJson } from 'libphonenumber-js/core';
import { getCountries, getCountryCallingCode, type CountryCode } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/metadata.max.json';
import { parsePhoneNumber } from './parse-phone-number';

describe('a number in a form that its plan dropped', () => {
  it.each([
    '+52 55 1234 5678',
    '+52 1 55 1234 5678',
    '+52 (1) 55 1234 5678',
    '+5215512345678',
    '+52 044 55 1234 5678',
    '+52 01 55 1234 5678',
    '00 52 1 55 1234 5678',
    '044 55 1234 5678',
    '045 55 1234 5678',
    '01 55 1234 5678',
    '1 55 1234 5678',
    '55 1234 5678',
    '52 55 1234 5678',
    '52 1 55 1234 5678',
  ])('is one in Mexico: %s', (input) => expect(readNumber(input, 'MX')).toBe('+525512345678'));

  it.each([
    '+54 9 11 2345 6789',
    '+54 11 15 2345 6789',
    '+54 9 11 15 2345 6789',
    '+54 (9) (011) 15 2345-6789',
    '+54 9 0 11 2345 6789',
    '+54 (0) 11 15 2345 6789',
    '00 54 9 11 2345 6789',
    '011 15 2345 6789',
    '0 11 15-2345-6789',
    '11 15 2345 6789',
    '9 11 2345 6789',
    '54 9 11 2345 6789',
  ])('is one in Argentina: %s', (input) => expect(readNumber(input, 'AR')).toBe('+5491123456789'));

  it.each(['+54 9 2966 42 3456', '+54 2966 15 42 3456', '+54 9 2966 15 42 3456', '02966 15 42 3456'])(
    'is one in Argentina, where area codes have four digits as well: %s',
    (input) => expect(readNumber(input, 'AR')).toBe('+5492966423456'),
  );

  it('is not read out of a fixed line: Argentina gives 9 to mobile numbers alone', () => {
    expect(parsePhoneNumber('+54 11 2345 6789')).toMatchObject({
      number: { e164: '+541123456789', type: 'fixed_line' },
    });
  });

  it.each<[string, string, string]>([
    ['CL', '09 8765 4321', '+56987654321'],
    ['CL', '+56 09 8765 4321', '+56987654321'],
    ['CO', '0 321 123 4567', '+573211234567'],
    ['CO', '+57 (0) 321 123 4567', '+573211234567'],
    ['GA', '+241 6 49 23 31', '+24106492331'],
    ['GA', '+241 06 49 23 31', '+24106492331'],
    ['GA', '06 49 23 31', '+24106492331'],
    ['SM', '+39 0549 886377', '+3780549886377'],
    ['SM', '+378 0549 886377', '+3780549886377'],
    ['SM', '0549 886377', '+3780549886377'],
    ['DE', '49 1512 3456789', '+4915123456789'],
    ['DE', '49 15992 315944', '+4915992315944'],
    ['DE', '0049 (0) 15992 315944', '+4915992315944'],
    ['XK', '383 43 201 234', '+38343201234'],
    ['RU', '8 (912) 345-67-89', '+79123456789'],
    ['HU', '06 20 123 4567', '+36201234567'],
    ['LT', '8 612 34567', '+37061234567'],
    ['BY', '8 029 491 19 11', '+375294911911'],
    ['ES', '+00 34 600 123 456', '+34600123456'],
  ])('or that few plans have, is one: %s %s', (country, input, e164) => {
    expect(readNumber(input, country)).toBe(e164);
  });
});

describe('a number from before its plan got more digits', () => {
  it.each([
    ['BR', '+55 11 8765-4321'],
    ['BR', '+55 (0) 11 8765-4321'],
    ['BR', '(11) 8765-4321'],
    ['BR', '011 8765 4321'],
    ['BR', '0 15 11 8765 4321'],
    ['BR', '55 11 8765 4321'],
    ['CI', '+225 07 08 09 10'],
    ['CI', '07 08 09 10'],
    ['BJ', '+229 90 01 12 34'],
    ['BJ', '90 01 12 34'],
    ['VN', '+84 162 123 4567'],
    ['VN', '0162 123 4567'],
    ['VN', '0121 123 4567'],
    ['VN', '0199 123 4567'],
  ])('of %s is refused with that reason, not completed: %s', (country, input) => {
    expect(readNumber(input, country)).toBe('outdated_format');
  });

  it.each([
    ['a mobile number of today', '+55 11 98765-4321', '+5511987654321'],
    ['a fixed line', '+55 11 3765-4321', '+551137654321'],
    ['a trunked radio of São Paulo, which never got the 9', '+55 11 7765-4321', '+551177654321'],
    ['a number that a 9 would not help', '+55 23 8765-4321', 'invalid_for_country'],
  ])('in Brazil is not %s', (_, input, result) => expect(readNumber(input)).toBe(result));
});

describe('a reason', () => {
  /** Countries that share their calling code with none: only there a calling code says which plan is meant. */
  const alone = getCountries().filter((country) => {
    const code = getCountryCallingCode(country);
    return getCountries().filter((other) => getCountryCallingCode(other) === code).length === 1;
  });

  function lengthsOf(country: CountryCode): number[] {
    const all = new Metadata(metadata as unknown as MetadataJson);
    all.selectNumberingPlan(country);
    return (
      all as unknown as { numberingPlan: { possibleLengths(): number[] } }
    ).numberingPlan.possibleLengths();
  }

  // Catches: `too_long` for a number of the right length behind a prefix that the library does not know.
  it('of length is true of the plan of the country', () => {
    expect(alone.length).toBeGreaterThan(180);
    const input = fc.tuple(fc.constantFrom(...alone), fc.stringMatching(/^[1-9][0-9]{1,16}$/));
    fc.assert(
      fc.property(input, ([country, national]) => {
        const reason = readNumber(`+${getCountryCallingCode(country)}${national}`);
        const possible = lengthsOf(country);
        if (reason === 'too_long') expect(national.length).toBeGreaterThan(Math.max(...possible));
        if (reason === 'too_short') expect(national.length).toBeLessThan(Math.min(...possible));
      }),
      { numRuns: 3_000 },
    );
  });

  it('of length is not said of a number that is as long as one with what its plan dropped', () => {
    // Catches: `too_long` for Mexico's +52 1 before ten digits that are no number.
    expect(readNumber('+52 1 00 0000 0000')).toBe('invalid_for_country');
  });
});
