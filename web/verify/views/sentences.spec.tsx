import { renderToString } from 'preact-render-to-string';
import type { View } from '../contract';
import { wordsOf, type Locale } from '../languages';
import { madeUpViews } from '../made-up-views';
import { Card } from './screen';
import { counted, fill, plain, regional } from './text';
import { firstUi } from './ui';

function rendered(name: string, locale: Locale, change: Partial<View> = {}): string {
  const view = { ...madeUpViews[name]!, locale, ...change };
  return renderToString(<Card shown={{ view, words: wordsOf(locale), ui: firstUi(view), base: '' }} />);
}

describe('a sentence', () => {
  it('has its places filled in', () => {
    expect(plain('{b} before {a}, and {c}.', { a: 'one', b: 'two' })).toBe('two before one, and {c}.');
    expect(fill('To {a}.', { a: 'Acme' })).toEqual(['To ', 'Acme', '.']);
  });

  it('ends with one full stop, also where a name brings its own', () => {
    expect(plain('Back to {brand}.', { brand: 'Acme Inc.' })).toBe('Back to Acme Inc.');
    expect(plain('Only {brand} can.', { brand: 'Acme Inc.' })).toBe('Only Acme Inc. can.');
  });

  it.each([
    ['pl', 1, '1 cyfra.'],
    ['pl', 4, '4 cyfry.'],
    ['pl', 6, '6 cyfr.'],
    ['sl', 2, '2 števki.'],
    ['lv', 10, '10 ciparu.'],
    ['ro', 20, '20 de cifre.'],
    ['ar', 2, 'رقمان.'],
    ['bn', 6, '৬টি সংখ্যা।'],
  ] as const)('counts in %s: %d', (locale, count, sentence) => {
    expect(counted(wordsOf(locale).code.digits, count, locale)).toBe(sentence);
  });

  it.each(['ja', 'zh-Hans', 'zh-Hant'] as const)(
    'puts no gap behind a full stop that brings one: %s',
    (locale) => {
      expect(rendered('code', locale)).not.toMatch(/。(?:<[^>]*>)* /);
    },
  );

  it('has the digits of its language wherever it counts', () => {
    const html = rendered('code, incomplete', 'fa');
    expect(html).toContain('کد ۶ نویسه دارد. شما ۵ نویسه وارد کرده‌اید.');
  });

  it.each([
    ['en', ['en-GB', 'de'], 'en-GB'],
    ['en', ['de-CH'], 'en'],
    ['zh-Hant', ['zh-CN', 'zh-TW'], 'zh-TW'],
    ['zh-Hans', ['zh-TW'], 'zh-Hans'],
    ['sr', ['sr-Latn'], 'sr'],
    ['pt', [], 'pt'],
  ])('writes times of %s for a device that speaks %j as %s does', (locale, spoken, expected) => {
    expect(regional(locale, spoken)).toBe(expected);
  });
});
