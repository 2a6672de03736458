import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import bidiFactory from 'bidi-js';
import fc from 'fast-check';
import { renderTextsDoc } from '../../../scripts/gen-texts';
import { channels, type Channel } from '../../common/channel';
import { smsSize, towardsGsm7 } from '../protocols/gsm7';
import { kinds, type Language } from './language';
import { languages, locales, type Locale } from './languages';
import { lifetimeOf, spoken } from './lifetime';
import { renderMessage, type MessageInput } from './message';
import { holdsLink } from './templates/link';

const language = (locale: Locale): Language => languages[locale];
const otherScripts = new Set<Locale>([
  ...(['el', 'bg', 'ru', 'uk', 'ar', 'he', 'fa', 'hi', 'bn', 'th'] as const),
  ...(['zh-Hans', 'zh-Hant', 'ja', 'ko'] as const),
]);
const transaction = { amount: '98765.00', currency: 'EUR', payee: 'Northwind Travel' };
const render = (locale: string, input: Partial<MessageInput> = {}, brand: string | null = 'Acme') =>
  renderMessage(brand === null ? {} : { brand }, {
    channel: 'sms',
    locale,
    country: null,
    purpose: 'default',
    code: '493021',
    secondsLeft: 600,
    ...input,
  });

const input = {
  locale: fc.constantFrom(...locales),
  brand: fc.option(fc.stringMatching(/^[A-Z][a-z]{1,9}$/)),
  code: fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 4, maxLength: 10 }),
  secondsLeft: fc.oneof(fc.integer({ min: 1, max: 130 }), fc.integer({ min: 1, max: 86_400 })),
  purpose: fc.constantFrom<string>(...kinds, 'loyalty-7'),
};
const payment = fc.option(fc.constant(transaction));

/** As often as it occurs, not counting it inside a longer row of digits. */
const occurrences = (text: string, code: string) =>
  (text.match(new RegExp(`(?<![0-9])${code}(?![0-9])`, 'g')) ?? []).length;

describe('the built-in texts', () => {
  it('are those of docs/texts.md, to the letter', () => {
    expect(readFileSync(join(__dirname, '../../../docs/texts.md'), 'utf8')).toBe(renderTextsDoc());
  });

  it('exist in more than 40 languages, each for every purpose', () => {
    expect(locales.length).toBeGreaterThan(40);
    for (const locale of locales) {
      expect(Intl.getCanonicalLocales(locale)).toEqual([locale]);
      expect(Object.keys(language(locale).kinds)).toEqual([...kinds]);
    }
  });

  it('are named by at most one language per country, and countries are countries', () => {
    const countries = locales.flatMap((locale) => language(locale).countries);
    expect(new Set(countries).size).toBe(countries.length);
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    expect(countries.filter((country) => names.of(country) === undefined)).toEqual([]);
  });

  it('hold the code once, the time left and the warning, and no link, on every channel that is written', () => {
    const written = fc.constantFrom<Channel>(...channels.filter((channel) => channel !== 'voice'));
    fc.assert(
      fc.property(fc.record({ ...input, channel: written, transaction: payment }), ({ brand, ...rest }) => {
        const { unit, value: time } = lifetimeOf(rest.secondsLeft);
        // Arabic and Hebrew have words of their own for two hours and two days.
        const isNumber = time > 2 || unit === 'second' || unit === 'minute';
        // A code that is also the time left or part of the amount could not be told apart.
        fc.pre(rest.code !== String(time) && rest.code !== '98765');
        const { text, subject } = render(rest.locale, rest, brand);
        expect(occurrences(text, rest.code)).toBe(1);
        if (isNumber) expect(occurrences(text, String(time))).toBe(1);
        expectWarning(text, rest.locale, rest.channel);
        expect(holdsLink(text)).toBe(false);
        expect(text).not.toMatch(/[{}]|undefined|[^\S \n]| {2}/);
        if (rest.transaction) {
          for (const value of Object.values(transaction)) expect(text).toContain(value);
        }
        expect(subject === null).toBe(rest.channel !== 'email');
        if (subject !== null) expect(occurrences(subject, rest.code)).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('hold nothing but the brand, the kind and the code before the warning', () => {
    for (const locale of locales) {
      const { is, brief = is, short, pay } = language(locale);
      for (const sentence of [is, brief, short]) {
        expect(sentence.replace(/\{(sender|code|kind)\}/g, '').length).toBeLessThan(30);
        expect(sentence.match(/\{code\}/g)).toHaveLength(1);
      }
      expect(pay).toMatch(/\{amount\} \{currency\}/);
    }
  });

  it('say the code twice by voice, sign by sign, and how long it is valid with the right plural', () => {
    fc.assert(
      fc.property(fc.record({ ...input, transaction: payment }), ({ brand, ...rest }) => {
        const { text, subject } = render(rest.locale, { ...rest, channel: 'voice' }, brand);
        expect(occurrences(text, [...rest.code].join(', '))).toBe(2);
        expect(text).toContain(spoken(rest.secondsLeft, rest.locale));
        expect(text).not.toMatch(/[{}\n]|undefined/);
        expect(subject).toBeNull();
      }),
    );
    expect(render('pl', { channel: 'voice', secondsLeft: 60 }).text).toMatch(/60 sekund\.$/);
    expect(render('pl', { channel: 'voice', secondsLeft: 180 }).text).toMatch(/3 minuty\.$/);
    expect(render('pl', { channel: 'voice', secondsLeft: 300 }).text).toMatch(/5 minut\.$/);
  });

  function expectWarning(text: string, locale: Locale, channel: Channel): void {
    const { never, neverShort } = language(locale);
    // By SMS a text loses accents; here they do not matter.
    const bare = (value: string) => towardsGsm7(value).normalize('NFD').replace(/\p{M}/gu, '');
    const wanted = channel === 'sms' ? [never, neverShort] : [never];
    expect(wanted.filter((warning) => bare(text).includes(bare(warning)))).not.toEqual([]);
  }
});

describe('the length of the built-in texts by SMS', () => {
  it('is one part wherever the alphabet is that of GSM, for any purpose, code and time', () => {
    const latin = fc.constantFrom(...locales.filter((locale) => !otherScripts.has(locale)));
    fc.assert(
      fc.property(fc.record({ ...input, locale: latin, transaction: payment }), ({ brand, ...rest }) => {
        const { text } = render(rest.locale, rest, brand);
        expect(smsSize(text)).toMatchObject({ encoding: 'gsm7', segments: 1 });
      }),
      { numRuns: 1_000 },
    );
  });

  it('is one part in all other scripts too, two with a payment', () => {
    const other = fc.constantFrom(...otherScripts);
    fc.assert(
      fc.property(fc.record({ ...input, locale: other, transaction: payment }), ({ brand, ...rest }) => {
        const { text } = render(rest.locale, rest, brand);
        const { encoding, segments } = smsSize(text);
        expect(encoding).toBe('ucs2');
        expect(segments).toBeLessThanOrEqual(rest.transaction ? 2 : 1);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([...otherScripts])('in %s leaves room for what the code is for, for whatever it is', (locale) => {
    for (const purpose of kinds) {
      const { text } = render(locale, { purpose, secondsLeft: 900 }, 'Acme Store');
      expect(text).toContain(language(locale).kinds[purpose]);
      expect(smsSize(text).segments).toBe(1);
    }
  });

  it.each(locales)('in %s is at most 140 octets with an app hash', (locale) => {
    for (const purpose of kinds) {
      const { text } = render(locale, { purpose, appHash: 'FA+9qCX9VSu' });
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(140);
    }
  });
});

describe('texts from right to left', () => {
  const bidi = bidiFactory();
  const shown = (line: string) => bidi.getReorderedString(line, bidi.getEmbeddingLevels(line));
  const rtl = locales.filter((locale) => /^(ar|he|fa)/.test(locale));

  it.each(rtl)(
    'in %s begin with a word of that script, or a phone would lay them out the other way',
    (locale) => {
      for (const channel of ['sms', 'email', 'whatsapp'] as const) {
        for (const more of [{}, { transaction }]) {
          for (const brand of ['Acme', null]) {
            const { text } = render(locale, { channel, ...more }, brand);
            expect(text).toMatch(/^[\p{Script=Arabic}\p{Script=Hebrew}]/u);
            expect(bidi.getEmbeddingLevels(text).paragraphs[0]?.level).toBe(1);
          }
        }
      }
    },
  );

  it('show code, amount and names in their own order wherever they stand', () => {
    const codes = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: 4, maxLength: 10 });
    const brands = fc.option(fc.constantFrom('Acme', 'Shop 24', '24 Seven', 'بنك', 'קופה', 'A-1'));
    const parts = { locale: fc.constantFrom(...rtl), code: codes, brand: brands, transaction: payment };
    fc.assert(
      fc.property(fc.record({ ...input, ...parts }), ({ brand, ...rest }) => {
        for (const line of render(rest.locale, rest, brand).text.split('\n')) {
          const visible = shown(line);
          for (const value of [
            rest.code,
            String(lifetimeOf(rest.secondsLeft).value),
            ...Object.values(rest.transaction ?? {}),
          ]) {
            if (line.includes(value)) expect(visible).toContain(value);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keep the lines for autofill from left to right, and add no mark that cannot be seen', () => {
    for (const locale of rtl) {
      const { text } = render(locale, { appHash: 'FA+9qCX9VSu', webOtpDomain: 'acme.example' });
      const lines = text.split('\n');
      expect(lines.slice(-2).map(shown)).toEqual(['FA+9qCX9VSu', '@acme.example #493021']);
      expect(text).not.toMatch(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    }
  });
});
