import fc from 'fast-check';
import { anyText } from '../../../test/builders/any-text';
import { readCode, type CodeShape } from './read-code';

const six: CodeShape = { codeLength: 6, codeAlphabet: 'numeric' };
const letters: CodeShape = { codeLength: 6, codeAlphabet: 'alphanumeric' };

describe('a code, as people enter it', () => {
  it.each([
    ['123456', '123456'],
    ['000123', '000123'],
    ['123 456', '123456'],
    ['123-456', '123456'],
    ['12 34–56', '123456'],
    [' 123\u00a0456\n', '123456'],
    ['\u200e123\u200b456\u2060', '123456'],
    ['１２３４５６', '123456'],
    ['١٢٣٤٥٦', '123456'],
    ['۱۲۳۴۵۶', '123456'],
    ['१२३४५६', '123456'],
    ['𝟏𝟐𝟑𝟒𝟓𝟔', '123456'],
    ['Acme: 123456 is your code.', '123456'],
    ['Your code is 123 456. It works for 10 minutes.', '123456'],
    ['Your code: 123-456', '123456'],
    ['123456 is your code. Never share 123456.', '123456'],
    ['Ref 987654. Your code is 123456.\n\n@verify.example #123456', '123456'],
    ['رمزك هو ١٢٣٤٥٦', '123456'],
  ])('%j is %s', (typed, code) => expect(readCode(typed, six)).toBe(code));

  it.each([
    '',
    '12345',
    '1234567',
    '12345a',
    'Either 123456 or 654321',
    'Call +34 612 345 678',
    'Call +34612345678',
    'call us: 612 345 678 9',
    '12345 67890',
  ])('%j is none', (typed) => expect(readCode(typed, six)).toBeNull());

  it.each([
    ['ab3d5f', 'AB3D5F'],
    ['AB3-D5F', 'AB3D5F'],
    ['ａｂ３ｄ５ｆ', 'AB3D5F'],
    ['PLEASE use AB3D5F today', 'AB3D5F'],
    ['Please answer: no code here', null],
  ])('with letters, %j is %s', (typed, code) => expect(readCode(typed, letters)).toBe(code));

  const zeros = ['0', '٠', '۰', '०', '０', '๐', '𝟎'].map((zero) => zero.codePointAt(0)!);
  const filler = fc.constantFrom('', ' ', '-', '\u200b', '\u00a0', '–', '\u2066', '\t');

  it('is the same in every script, with whatever is not seen in between', () => {
    const digit = fc.record({ value: fc.nat(9), zero: fc.constantFrom(...zeros), before: filler });
    fc.assert(
      fc.property(fc.array(digit, { minLength: 4, maxLength: 10 }), (digits) => {
        const typed = digits.map(({ value, zero, before }) => before + String.fromCodePoint(zero + value));
        const code = digits.map(({ value }) => value).join('');
        expect(readCode(typed.join(''), { ...six, codeLength: digits.length })).toBe(code);
      }),
    );
  });

  it('is never anything but so many digits, whatever is pasted', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 300 }), (text) => {
        expect(readCode(text, six) ?? '000000').toMatch(/^[0-9]{6}$/);
        expect(readCode(text, letters) ?? 'AAAAAA').toMatch(/^[0-9A-Z]{6}$/);
      }),
    );
  });

  // Catches: a pattern that tries every way to split a long text; then this test would not come to an end.
  it('reads a long paste', () => {
    expect(readCode('1 2-3 '.repeat(20_000), six)).toBeNull();
    expect(readCode('@x #'.repeat(20_000), six)).toBeNull();
  });
});
