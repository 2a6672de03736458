import fc from 'fast-check';
import { anyText } from '../../test/builders/any-text';
import { withAsciiDigits, withoutUnseen } from './written-digits';

/** What the platform itself knows: ten digits of each numbering system that has ten. */
const systems = Intl.supportedValuesOf('numberingSystem').flatMap((system) => {
  const format = new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false });
  const digits = Array.from({ length: 10 }, (_, value) => format.format(value));
  return digits.every((digit) => /^\p{Nd}$/u.test(digit)) ? [{ system, digits }] : [];
});

describe('digits of other scripts', () => {
  it('are known to the platform in more than 60 systems', () => {
    expect(systems.length).toBeGreaterThan(60);
  });

  it.each(systems)('of the system $system are read as their value', ({ digits }) => {
    expect(withAsciiDigits(digits.join(''))).toBe('0123456789');
  });

  it('are all read, whatever Unicode has', () => {
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
      const sign = String.fromCodePoint(codePoint);
      if (/^\p{Nd}$/u.test(sign)) expect(withAsciiDigits(sign)).toMatch(/^[0-9]$/);
    }
  });

  it('are all that changes', () => {
    expect(withAsciiDigits('²①Ⅳ五½৴ a-\u{1f4f1}\ud800')).toBe('²①Ⅳ五½৴ a-\u{1f4f1}\ud800');
    fc.assert(
      fc.property(anyText(), (text) => {
        const without = (value: string) => value.replace(/\p{Nd}/gu, '');
        expect(without(withAsciiDigits(text))).toBe(without(text));
      }),
    );
  });
});

describe('what nobody sees', () => {
  it.each([
    ['a tab', '\t'],
    ['a line feed', '\n'],
    ['a carriage return', '\r'],
    ['a line separator', '\u2028'],
    ['a paragraph separator', '\u2029'],
    ['a next line', '\u0085'],
    ['a no-break space', '\u00a0'],
    ['a narrow no-break space', '\u202f'],
    ['an ideographic space', '\u3000'],
    ['a zero-width space', '\u200b'],
    ['a zero-width joiner', '\u200d'],
    ['a zero-width non-joiner', '\u200c'],
    ['a word joiner', '\u2060'],
    ['a left-to-right mark', '\u200e'],
    ['an Arabic letter mark', '\u061c'],
    ['an override', '\u202e'],
    ['an isolate', '\u2066'],
    ['a byte order mark', '\ufeff'],
    ['a soft hyphen', '\u00ad'],
    ['a variation selector', '\ufe0f'],
    ['a Hangul filler', '\u3164'],
  ])('is %s', (_, sign) => {
    expect(withoutUnseen(`${sign}48${sign}29${sign}`)).toBe('4829');
  });

  it.each(['\u0000', '\u0007', '\u001b', '_', '.', '-', '\u0301'])('is not %j', (sign) => {
    expect(withoutUnseen(sign)).toBe(sign);
  });
});
