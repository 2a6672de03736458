import fc from 'fast-check';
import { anyText } from '../../../../test/builders/any-text';
import { type Random, systemRandom } from '../../../common/random';
import { generateCode, normaliseCode } from './code';

const highest: Random = { int: (max) => max - 1 };
const sixDigits = { length: 6, alphabet: 'numeric' } as const;

describe('generateCode', () => {
  it('gives codes that survive normalisation unchanged, in every length and alphabet', () => {
    const form = fc.record({
      length: fc.integer({ min: 4, max: 10 }),
      alphabet: fc.constantFrom('numeric' as const, 'alphanumeric' as const),
    });
    fc.assert(
      fc.property(form, (chosen) => {
        const code = generateCode(systemRandom, chosen).reveal();
        expect(code).toHaveLength(chosen.length);
        expect(normaliseCode(code)).toBe(code);
      }),
    );
  });

  it('leaves out letters and digits that are confused, and vowels', () => {
    const seen = new Set<string>();
    for (let n = 0; n < 24; n++)
      seen.add(generateCode({ int: () => n }, { length: 4, alphabet: 'alphanumeric' }).reveal());
    expect(seen.size).toBe(24);
    expect([...seen].join('')).not.toMatch(/[01OILSZBAEUY]/);
  });

  it('does not print the code', () => {
    expect(String(generateCode(highest, sixDigits))).toBe('[secret]');
  });
});

describe('normaliseCode', () => {
  it.each([
    ['482915', '482915'],
    [' 482 915 ', '482915'],
    ['482-915', '482915'],
    ['4 8 2 9 1 5', '482915'],
    ['482\u00a0915', '482915'],
    ['482\u202f915', '482915'],
    ['482\u2007915', '482915'],
    ['482\u2011915', '482915'],
    ['482\u2013915', '482915'],
    ['482\u2212915', '482915'],
    ['482915\n', '482915'],
    ['482\r\n915', '482915'],
    ['\t482\t915', '482915'],
    ['482\u200b915', '482915'],
    ['482\u2060915', '482915'],
    ['\u200e482915\u200f', '482915'],
    ['\u2068482915\u2069', '482915'],
    ['\ufeff482915', '482915'],
    ['482\u00ad915', '482915'],
    ['４８２９１５', '482915'],
    ['٤٨٢٩١٥', '482915'],
    ['۴۸۲۹۱۵', '482915'],
    ['४८२९१५', '482915'],
    ['\u{1d7d2}82915', '482915'],
    ['ab-cd-23', 'ABCD23'],
    ['ＡＢｃｄ２３', 'ABCD23'],
    ['1234', '1234'],
    ['1234567890', '1234567890'],
  ])('reads %j as %s', (input, code) => {
    expect(normaliseCode(input)).toBe(code);
  });

  it.each([
    ['nothing', ''],
    ['spaces only', '      '],
    ['too short', '123'],
    ['too long', '12345678901'],
    ['endless', '1'.repeat(65)],
    ['endless spaces around a code', ' '.repeat(100) + '482915'],
    ['a letter that becomes ASCII in upper case', '4829ı5'],
    ['a ligature that becomes ASCII in upper case', '4829ﬁ'],
    ['a sharp s', '4829ß'],
    ['nothing that can be seen', '\u200b\u200e\ufeff \n'],
    ['superscript digits', '⁴⁸²⁹¹⁵'],
    ['circled digits', '④⑧②⑨①⑤'],
    ['Roman numerals', 'ⅣⅧⅡⅨⅠⅤ'],
    ['Chinese numerals', '四八二九一五'],
    ['Cyrillic letters that look like Latin ones', 'АВСН23'],
    ['an emoji', '482915🙂'],
    ['a null character', '482915\u0000'],
    ['an escape character', '\u001b482915'],
    ['an underscore', '482_915'],
    ['a dot', '482.915'],
    ['a plus in front', '+482915'],
  ])('refuses %s', (_what, input) => {
    expect(normaliseCode(input)).toBeNull();
  });

  it.each(['4829150', '0482915', '48291', '82915', '4829151'])(
    'does not cut or pad %s to a code of six',
    (input) => {
      expect(normaliseCode(input)).toBe(input);
    },
  );

  it('reads a code whatever keyboard typed it and whatever came along when it was copied', () => {
    const zeros = [0x30, 0xff10, 0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0x17e0, 0x1d7ce, 0x1e950];
    const noise = fc.stringMatching(
      /^[ \n\t\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff-]{0,3}$/,
    );
    const letter = (sign: string, isWide: boolean) =>
      isWide ? String.fromCodePoint(sign.charCodeAt(0) - 0x21 + 0xff01) : sign.toLowerCase();
    const form = fc.record({
      alphabet: fc.constantFrom('numeric' as const, 'alphanumeric' as const),
      length: fc.integer({ min: 4, max: 10 }),
      zero: fc.constantFrom(...zeros),
      isWide: fc.boolean(),
      noises: fc.array(noise, { minLength: 11, maxLength: 11 }),
    });
    fc.assert(
      fc.property(form, ({ zero, isWide, noises, ...chosen }) => {
        const code = generateCode(systemRandom, chosen).reveal();
        const signs = Array.from(code, (sign) =>
          /\d/.test(sign) ? String.fromCodePoint(zero + Number(sign)) : letter(sign, isWide),
        );
        const typed = signs.map((sign, at) => (noises[at] ?? '') + sign).join('') + (noises[10] ?? '');
        expect(normaliseCode(typed)).toBe(code);
      }),
    );
  });

  it('gives ASCII capitals and digits or nothing, whatever comes in, and is stable', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 80 }), (input) => {
        const code = normaliseCode(input);
        if (code === null) return;
        expect(code).toMatch(/^[0-9A-Z]{4,10}$/);
        expect(normaliseCode(code)).toBe(code);
      }),
    );
  });
});
