import fc from 'fast-check';
import {
  allCountries,
  countryOfLanguage,
  flagOf,
  giveCountries,
  namedCountries,
  searchCountries,
} from './countries';
import { countryTable } from './countries.generated';
import { grouped } from './grouping';
import { typedCountry } from './typed-country';

giveCountries(countryTable);
const exampleOf = (code: string) => allCountries().get(code)?.example;
const digitsOf = (text: string) => text.replace(/\D/g, '');

/** As at a keyboard: each digit comes behind what is there already. */
const typedIn = (digits: string, example: string | undefined) =>
  [...digits].reduce((text, digit) => grouped(text + digit, example), '');

describe('a number, while it is typed', () => {
  it.each([
    ['ES', '612345678', '612 34 56 78'],
    ['GB', '07400123456', '07400 123456'],
    ['GB', '7400123456', '7400 123456'],
    ['US', '2015550123', '(201) 555-0123'],
    ['FR', '612345678', '6 12 34 56 78'],
    ['RU', '9123456789', '(912) 345-67-89'],
    ['LT', '61234567', '612 34567'],
    ['ES', '6123456789', '612 34 56 789'],
  ])('in %s, %s becomes %s', (country, digits, text) =>
    expect(typedIn(digits, exampleOf(country))).toBe(text),
  );

  it.each(['+34612', '0034612', '٦١٢', '612x', '', 'tel:612'])('%j is left as it is', (typed) =>
    expect(grouped(typed, exampleOf('ES'))).toBe(typed),
  );

  // Catches: a pattern that eats or makes up a digit, or that differs by how often it was applied.
  it('keeps every digit, in every country, and is the same again', () => {
    const examples = fc.constantFrom(...[...allCountries().values()].map(({ example }) => example));
    fc.assert(
      fc.property(examples, fc.stringMatching(/^[0-9 ()-]{0,16}$/), (example, typed) => {
        const text = grouped(typed, example);
        expect(digitsOf(text)).toBe(digitsOf(typed));
        expect(grouped(text, example)).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the same digit by digit and all at once', () => {
    for (const { example, code } of allCountries().values()) {
      const digits = digitsOf(example);
      expect([code, typedIn(digits, example)]).toEqual([code, example]);
    }
  });
});

describe('the country of a number', () => {
  it.each([
    ['+44 7400', 'ES', 'GB'],
    ['0044 7400', 'ES', 'GB'],
    ['＋44', 'ES', 'GB'],
    ['+٣٤', 'GB', 'ES'],
    ['+1 204', 'CA', 'CA'],
    ['+1 204', 'ES', 'US'],
    ['+39', null, 'IT'],
    ['+', 'ES', null],
    ['612', 'ES', null],
    ['+999', 'ES', null],
  ])('%s typed under %s is %s', (typed, chosen, country) =>
    expect(typedCountry(typed, chosen, null)).toBe(country),
  );

  it('is one of those that may be chosen', () => {
    expect(typedCountry('+44', 'ES', ['ES', 'JE'])).toBe('JE');
    expect(typedCountry('+33', 'ES', ['ES', 'JE'])).toBeNull();
  });

  it('is found by name without accents, code and calling code', () => {
    const countries = namedCountries(null, 'es');
    const found = (text: string) => searchCountries(countries, text).map(({ code }) => code);
    expect(found('españa')).toEqual(['ES']);
    expect(found('espana')).toEqual(['ES']);
    expect(found('+34')).toEqual(['ES']);
    expect(found('0034')).toEqual(['ES']);
    expect(found('de')).toContain('DE');
    expect(found('an').slice(0, 2)).toEqual(['AD', 'AO']);
    expect(found('qqq')).toEqual([]);
    expect(found('')).toHaveLength(countries.length);
  });

  it.each([
    ['es-MX', null, 'MX'],
    ['zh-Hant-TW', null, 'TW'],
    ['es-MX', ['ES'], null],
    ['es-419', null, null],
    ['en', null, null],
    ['', null, null],
  ])('is guessed from %j among %j: %s', (language, codes, country) =>
    expect(countryOfLanguage(language, codes)).toBe(country),
  );

  it('has a flag', () => expect(flagOf('ES')).toBe('🇪🇸'));
});
