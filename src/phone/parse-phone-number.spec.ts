import fc from 'fast-check';
import { anyText } from '../../test/builders/any-text';
import { readNumber } from '../../test/builders/read-number';
import {
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  parsePhoneNumberWithError,
  type CountryCode,
} from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/examples.mobile.json';
import { MAX_INPUT_LENGTH } from './dialled-digits';
import { isCountry, parsePhoneNumber } from './parse-phone-number';

/** Of a text that is nothing but long. */
function onlyLength({ length }: { readonly length: number }, key: string | symbol): number {
  if (key === 'length') return length;
  throw new Error(`${String(key)} was read`);
}

describe('parsing a phone number', () => {
  it('describes the number with country, calling code, type and both written forms', () => {
    const parsed = parsePhoneNumber('600 123 456', { defaultCountry: 'ES' });
    expect(parsed).toEqual({
      ok: true,
      number: {
        e164: '+34600123456',
        country: 'ES',
        callingCode: '34',
        type: 'mobile',
        national: '600 12 34 56',
        international: '+34 600 12 34 56',
      },
    });
  });

  it.each([
    ['plain E.164', '+442079460958', null],
    ['spaces', ' +44 20 7946 0958 ', null],
    ['punctuation', '+44.20/7946-0958', null],
    ['brackets', '(+44) [20] 7946 0958', null],
    ['a bracketed trunk zero', '+44 (0)20 7946 0958', null],
    ['full-width digits, plus and brackets', '＋４４（０）２０　７９４６　０９５８', null],
    ['no-break spaces', '+44\u00a020\u202f7946\u00a00958', null],
    ['direction marks', '\u200e+44 20 7946 0958\u200f', null],
    ['isolates and embeddings', '\u2066+44 20 7946 0958\u2069 \u202a\u202c', null],
    ['no-break hyphens, en dashes and minus signs', '+44\u201120\u20137946\u22120958', null],
    ['a byte order mark and soft hyphens', '\ufeff+44 20\u00ad7946\u00ad0958', null],
    ['Arabic-Indic digits', '+٤٤٢٠٧٩٤٦٠٩٥٨', null],
    ['Persian digits', '+۴۴۲۰۷۹۴۶۰۹۵۸', null],
    ['Devanagari digits', '+४४२०७९४६०९५८', null],
    ['tabs and line breaks around it', '\t+44 20 7946 0958\r\n', null],
    ['digits of any script', '+𝟒𝟒 ໒໐ ᠗᠙᠔᠖ ０９５８', null],
    ['00 without a country', '00442079460958', null],
    ['plus and 00', '+00 44 20 7946 0958', null],
    ['00 where it is the international prefix', '00442079460958', 'ES'],
    ['00 where another prefix leads abroad', '0044 20 7946 0958', 'US'],
    ['00 from Australia, where 0011 leads abroad', '00442079460958', 'AU'],
    ['011 from the United States', '011 44 20 7946 0958', 'US'],
    ['0011 from Australia', '0011 44 20 7946 0958', 'AU'],
    ['the national form with its trunk zero', '020 7946 0958', 'GB'],
    ['the national form without it', '20 7946 0958', 'GB'],
    ['the calling code without plus, in its own country', '442079460958', 'GB'],
    ['international form with another country given', '+44 20 7946 0958', 'ES'],
  ])('takes %s', (_, input, country) => {
    expect(readNumber(input, country)).toBe('+442079460958');
  });

  it('keeps the zero that belongs to Italian numbers', () => {
    expect(readNumber('06 1234 5678', 'IT')).toBe('+390612345678');
    expect(readNumber('+39 06 1234 5678')).toBe('+390612345678');
    expect(readNumber('+39 6 1234 5678')).toBe('invalid_for_country');
  });

  it('tells countries of one calling code apart', () => {
    const countryOf = (input: string) => {
      const parsed = parsePhoneNumber(input);
      return parsed.ok && parsed.number.country;
    };
    expect(countryOf('+12025550123')).toBe('US');
    expect(countryOf('+16135550123')).toBe('CA');
    expect(countryOf('+77012345678')).toBe('KZ');
    expect(countryOf('+447624123456')).toBe('IM');
  });

  it('has numbers of no country, with country null', () => {
    expect(parsePhoneNumber('+88213300655')).toMatchObject({
      ok: true,
      number: { e164: '+88213300655', country: null, callingCode: '882', type: 'voip' },
    });
  });

  it.each([
    ['', 'not_a_number'],
    ['   ', 'not_a_number'],
    ['+', 'not_a_number'],
    ['++34600123456', 'not_a_number'],
    ['+34+600123456', 'not_a_number'],
    ['34600123456+', 'not_a_number'],
    ['1-800-FLOWERS', 'not_a_number'],
    ['tel:+34600123456', 'not_a_number'],
    ['+34600123456 ext 5', 'not_a_number'],
    ['+34600123456;ext=5', 'not_a_number'],
    ['+34600123456x5', 'not_a_number'],
    ['+34600123456#5', 'not_a_number'],
    ['+34600123456,5', 'not_a_number'],
    ['+34600123456~5', 'not_a_number'],
    ['*34600123456', 'not_a_number'],
    ['+34600123456\u0000', 'not_a_number'],
    ['+34⁶⁰⁰123456', 'not_a_number'],
    ['+34①②③123456', 'not_a_number'],
    ['+34600123456📱', 'not_a_number'],
    ['+34\ud800600123456', 'not_a_number'],
    ['600123456', 'country_required'],
    ['0600123456', 'country_required'],
    ['+999123456789', 'unknown_country'],
    ['00999123456789', 'unknown_country'],
    ['+34', 'too_short'],
    ['+3460012', 'too_short'],
    ['+12', 'too_short'],
    ['00', 'not_a_number'],
    ['+346001234567', 'too_long'],
    ['+34600123456789012345', 'too_long'],
    ['+34100123456', 'invalid_for_country'],
    ['+15555550123', 'invalid_for_country'],
  ])('refuses %j: %s', (input, reason) => {
    expect(readNumber(input)).toBe(reason);
  });

  it('refuses a country that does not exist, for international numbers too', () => {
    for (const country of ['XX', 'es', 'ESP', '', '001', '__proto__', 'constructor']) {
      expect(readNumber('600123456', country)).toBe('unknown_country');
      expect(readNumber('+34600123456', country)).toBe('unknown_country');
    }
  });

  it('looks at the length before anything else', () => {
    expect(readNumber('+34600123456'.padEnd(MAX_INPUT_LENGTH, ' '))).toBe('+34600123456');
    expect(readNumber('+34600123456'.padEnd(MAX_INPUT_LENGTH + 1, ' '))).toBe('too_long');
    // Whatever else is read of it throws: the time that it takes does not grow with the length.
    const endless = new Proxy({ length: 5_000_000 }, { get: onlyLength }) as unknown as string;
    expect(readNumber(endless)).toBe('too_long');
  });

  it('gives a reason for any text whatever and never throws', () => {
    const pieces = fc.constantFrom(
      '+',
      '00',
      '0',
      '1',
      '34',
      '44',
      '6',
      '9',
      ' ',
      '(',
      ')',
      '-',
      'x',
      '\u200e',
      '٣',
    );
    const anything = fc.oneof(
      fc.string(),
      anyText(),
      fc.array(pieces).map((p) => p.join('')),
    );
    fc.assert(
      fc.property(anything, fc.constantFrom(null, 'ES', 'US', 'IT', 'AR'), (input, country) => {
        expect(readNumber(input, country)).toMatch(/^(\+[1-9]\d{1,14}|[a-z_]+)$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Every country's example mobile number with random last digits, as far as the numbering plan has it. */
const realNumbers = fc
  .tuple(fc.constantFrom(...getCountries()), fc.integer({ min: 0, max: 9999 }))
  .map(([country, tail]) => {
    const example = getExampleNumber(country, examples)?.number ?? '';
    const mutated = example.slice(0, -4) + String(tail).padStart(4, '0');
    const valid = parsePhoneNumberWithError(mutated, { extract: false }).isValid();
    return { country, e164: valid ? mutated : example };
  })
  .filter(({ e164 }) => e164 !== '');

const noise = fc.constantFrom(
  '',
  '',
  '',
  ' ',
  '\u00a0',
  '-',
  '\u2011',
  '.',
  '/',
  '(',
  ')',
  '\u200e',
  '\u200f',
  '\u2069',
);
const digitZeros = fc.constantFrom(0x30, 0xff10, 0x0660, 0x06f0, 0x0966);

/** The same digits in another script, with noise between them. */
const decorate = (digits: string, zero: number, noises: string[]): string =>
  Array.from(digits, (digit, i) => {
    const sign = digit === '+' ? (zero === 0xff10 ? '＋' : '+') : String.fromCharCode(zero + Number(digit));
    return (noises[i % noises.length] ?? '') + sign;
  }).join('');

/** What people dial before a foreign calling code, in some countries of each kind. */
const internationalPrefixes: Partial<Record<CountryCode, string>> = {
  AR: '00',
  AU: '0011',
  CA: '011',
  CN: '00',
  DE: '00',
  ES: '00',
  FR: '00',
  GB: '00',
  IN: '00',
  IT: '00',
  JP: '010',
  KE: '000',
  MX: '00',
  NG: '009',
  US: '011',
  ZA: '00',
};

describe('the canonical form', () => {
  it('is one and the same E.164 for every spelling of a number of any country', () => {
    const decorations = fc.tuple(digitZeros, fc.array(noise, { minLength: 1, maxLength: 7 }));
    fc.assert(
      fc.property(realNumbers, decorations, ({ country, e164 }, [zero, noises]) => {
        const national = parsePhoneNumberWithError(e164, { extract: false }).formatNational();
        const abroad = internationalPrefixes[country];
        const spellings: [string, string | null][] = [
          [e164, null],
          [e164, country],
          [e164, 'US'],
          [`00${e164.slice(1)}`, null],
          [national, country],
          ...(abroad ? [[abroad + e164.slice(1), country] as [string, string]] : []),
        ];
        for (const [spelling, defaultCountry] of spellings) {
          expect(readNumber(spelling, defaultCountry)).toBe(e164);
          const bare = spelling.replace(/[^+\d]/g, '');
          const decorated = decorate(bare, zero, noises);
          if (decorated.length <= MAX_INPUT_LENGTH) expect(readNumber(decorated, defaultCountry)).toBe(e164);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is a fixed point with the calling code of its country in front', () => {
    fc.assert(
      fc.property(realNumbers, ({ country, e164 }) => {
        expect(isCountry(country)).toBe(true);
        const parsed = parsePhoneNumber(e164);
        expect(parsed).toMatchObject({
          ok: true,
          number: { e164, callingCode: getCountryCallingCode(country) },
        });
      }),
    );
  });
});
