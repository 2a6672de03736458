import fc from 'fast-check';
import { anyText } from '../../../test/builders/any-text';
import { holdsHidden, isVisibleLine, oneLine } from './visible-text';

describe('a text for people', () => {
  it.each([
    ['a line break', 'Shop\nLtd'],
    ['a carriage return', 'Shop\r'],
    ['a line separator', 'Shop\u2028Ltd'],
    ['a null character', 'Shop\u0000'],
    ['an escape', '\u001b[31mShop'],
    ['a C1 control', 'Shop\u009b'],
    ['half a character', 'Shop\ud800'],
    ['a right-to-left override', 'Shop\u202edtL'],
    ['an isolate', 'Shop\u2067'],
    ['a direction mark', '\u200fShop'],
    ['an Arabic letter mark', 'Shop\u061c'],
    ['a zero-width space', 'Sh\u200bop'],
    ['a word joiner', 'Sh\u2060op'],
    ['a byte order mark', '\ufeffShop'],
    ['a soft hyphen', 'Sh\u00adop'],
    ['a Hangul filler', 'Shop\u3164'],
    ['a tag character', 'Shop\u{e0041}'],
    ['a joiner in Latin letters', 'Sh\u200dop'],
    ['a non-joiner in digits', '12\u200c34'],
  ])('does not hold %s', (_, text) => {
    expect(holdsHidden(text)).toBe(true);
    expect(isVisibleLine(text)).toBe(false);
    expect(holdsHidden(oneLine(text))).toBe(false);
  });

  it.each([
    'Northwind Travel',
    'Café Ñandú & Søn',
    'فروشگاه می\u200cخواهم',
    'क्\u200dष दुकान',
    '👩\u200d💻 Shop ❤\ufe0f',
    'ES91 2100 0418 4502 0005 1332',
    'קופה',
    '北風旅行社',
  ])('may be %s', (text) => expect(isVisibleLine(text)).toBe(true));

  it('holds something', () => {
    for (const empty of ['', ' ', '\u00a0', '\u3000 ']) expect(isVisibleLine(empty)).toBe(false);
  });

  it('has nothing hidden in it once it was made one line', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const line = oneLine(text);
        if (line !== '')
          expect(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(line)).toBe(false);
      }),
    );
  });
});
