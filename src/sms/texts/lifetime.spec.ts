import fc from 'fast-check';
import { smsSize } from '../protocols/gsm7';
import type { Language } from './language';
import { languages, locales, type Locale } from './languages';
import { lifetimeOf, spoken, written } from './lifetime';
import { renderMessage } from './message';

describe('how long a code still works', () => {
  // Catches: one minute for 30 seconds, two for 95.
  it.each([
    [1, '1 sec'],
    [30, '30 sec'],
    [59, '59 sec'],
    [60, '60 sec'],
    [95, '95 sec'],
    [119, '119 sec'],
    [120, '2 min'],
    [179, '2 min'],
    [180, '3 min'],
    [599, '9 min'],
    [600, '10 min'],
    [7_199, '119 min'],
    [7_200, '2 hr'],
    [43_200, '12 hr'],
    [86_400, '24 hr'],
    [172_799, '47 hr'],
    [172_800, '2 days'],
    [2_592_000, '30 days'],
    [2_591_999, '29 days'],
  ])('is for %i seconds rounded down to %j', (seconds, text) => {
    expect(written(seconds, 'en', languages.en.units)).toBe(text);
  });

  // Catches: a unit of the wrong length, rounding up, and a text that leaves out more than a third of the time.
  it('never promises more than there is, nor much less', () => {
    const lengths = { second: 1, minute: 60, hour: 3_600, day: 86_400 };
    const lives = fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 2_592_000 }));
    fc.assert(
      fc.property(lives, (seconds) => {
        const { unit, value } = lifetimeOf(seconds);
        const said = value * lengths[unit];
        expect(said).toBeLessThanOrEqual(seconds);
        expect(said).toBeGreaterThan((seconds * 2) / 3 - 1);
        expect(value).toBeLessThan(120);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['en', '12 hours', '2 days', '30 days'],
    ['pl', '12 godzin', '2 dni', '30 dni'],
    ['ru', '12 часов', '2 дня', '30 дней'],
    ['sl', '12 ur', '2 dneva', '30 dni'],
    ['ar', '12 ساعة', 'يومان', '30 يومًا'],
    ['ja', '12 時間', '2 日', '30 日'],
  ])('is spoken in hours and days with the plural of the language: %s', (locale, ...forms) => {
    expect([43_200, 172_800, 2_592_000].map((seconds) => spoken(seconds, locale))).toEqual(forms);
  });

  it('is written in hours and days in every language, in our digits, on one line, without a point at its end', () => {
    for (const locale of locales) {
      for (const seconds of [7_200, 43_200, 86_400, 172_800, 604_800, 1_814_400, 2_592_000]) {
        const text = written(seconds, locale, languages[locale].units);
        const { value } = lifetimeOf(seconds);
        // Arabic and Hebrew have words of their own for two.
        if (value > 2) expect(text).toContain(String(value));
        expect(text).not.toMatch(/[^\S ]|\.$|\p{Nd}{3}/u);
        expect(text).not.toBe(written(600, locale, languages[locale].units));
      }
    }
  });

  it.each([
    ['pl', '1 sekunda', '2 sekundy', '5 sekund', '95 sekund'],
    ['ru', '1 секунда', '2 секунды', '5 секунд', '95 секунд'],
    ['ro', '1 secundă', '2 secunde', '5 secunde', '95 de secunde'],
    ['ar', 'ثانية', 'ثانيتان', '5 ثوان', '95 ثانية'],
    ['fr', '1 seconde', '2 secondes', '5 secondes', '95 secondes'],
    ['ja', '1 秒', '2 秒', '5 秒', '95 秒'],
  ])('is spoken with the plural of the language: %s', (locale, ...forms) => {
    expect([1, 2, 5, 95].map((seconds) => spoken(seconds, locale))).toEqual(forms);
  });

  it('has no blank that a voice or the GSM alphabet does not know', () => {
    for (const locale of locales) {
      for (const seconds of [1, 30, 95, 120, 600, 86_400, 2_592_000]) {
        expect(spoken(seconds, locale)).not.toMatch(/[^\S ]/);
      }
    }
  });
});

describe('the units in writing', () => {
  const of = (locale: Locale): Language => languages[locale];
  const bare = (text: string) => text.replace(/[.\s\u00a0\u202f0-9#]/g, '').replace('׳', "'");
  const byCldr = (locale: string, unit: 'minute' | 'second', unitDisplay: 'short' | 'long', value: number) =>
    bare(new Intl.NumberFormat(`${locale}-u-nu-latn`, { style: 'unit', unit, unitDisplay }).format(value));

  /** Where CLDR's abbreviation is a letter that reads badly alone, or another than people know. */
  const ownChoice: readonly string[] = ['el minute', 'ru second', 'uk second'];

  it.each(
    locales.flatMap((locale) => (['minute', 'second'] as const).map((unit) => [locale, unit] as const)),
  )('in %s, of a %s, is the sign of SI or a form of CLDR that no number bends', (locale, unit) => {
    const own = bare(of(locale).units[unit]);
    const values = [2, 3, 5, 11, 21, 30, 59, 95, 119];
    const isForm = (['short', 'long'] as const).some((display) =>
      values.every((value) => byCldr(locale, unit, display, value) === own),
    );
    const isSign = own === (unit === 'minute' ? 'min' : 's');
    expect(isForm || isSign || ownChoice.includes(`${locale} ${unit}`)).toBe(true);
  });

  it('stand apart from what follows, where a language parts its words', () => {
    for (const locale of locales) {
      const { expires, left = expires } = of(locale);
      for (const sentence of [expires, left]) {
        expect(sentence).not.toMatch(/\{duration\}[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u);
        expect(sentence.match(/\{duration\}/g)).toHaveLength(1);
      }
    }
  });

  // Catches: a text of two parts for a short life alone.
  it('never cost a part more than minutes do', () => {
    for (const locale of locales) {
      for (const purpose of ['default', 'login', 'password_reset', 'payment']) {
        const parts = (secondsLeft: number) =>
          smsSize(
            renderMessage(
              { brand: 'Acme' },
              { channel: 'sms', locale, country: null, purpose, code: '493021', secondsLeft },
            ).text,
          );
        for (const seconds of [119, 7_199, 43_200, 172_799, 172_800, 1_900_800, 2_592_000])
          expect({ locale, ...parts(seconds), units: 0 }).toEqual({ locale, ...parts(600), units: 0 });
      }
    }
  });
});
