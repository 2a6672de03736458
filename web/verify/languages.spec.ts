import type { Language } from '../../src/sms/texts/language';
import { languages as texts, locales as textLocales } from '../../src/sms/texts/languages';
import { directionOf, isLocale, locales, wordsOf, type Locale } from './languages';
import type { Plural, Words } from './words';

type Sentences = Readonly<Record<string, string | Plural>>;

const isPlural = (value: object): value is Plural => 'other' in value;

/** `errors.codeWrong` and the like, in the order of the type. */
function sentencesOf(part: object, path: readonly string[] = []): Sentences {
  const entries = Object.entries(part as Record<string, string | Plural | object>);
  return Object.assign(
    {},
    ...entries.map(([key, value]) => {
      const at = [...path, key];
      const isLeaf = typeof value === 'string' || isPlural(value);
      return isLeaf ? { [at.join('.')]: value } : sentencesOf(value, at);
    }),
  ) as Sentences;
}

const formsOf = (value: string | Plural): string[] =>
  typeof value === 'string' ? [value] : Object.values(value);
const places = (sentence: string): string[] => (sentence.match(/\{[^}]*\}/g) ?? []).sort();

const english = sentencesOf(wordsOf('en'));
const keys = Object.keys(english);

/** One line for each sentence at fault, so that a failure names them all. */
function faultsIn(locale: Locale, isFault: (sentence: string, key: string) => boolean): string[] {
  return Object.entries(sentencesOf(wordsOf(locale))).flatMap(([key, value]) =>
    formsOf(value)
      .filter((sentence) => isFault(sentence, key))
      .map((sentence) => `${key}: ${sentence}`),
  );
}

/** What reads the same in English, for good. */
const sameAsInEnglish: Partial<Record<Locale, readonly string[]>> = {
  ca: ['errorTitle'],
  de: ['code.label'],
  es: ['errorTitle'],
  fr: ['code.label'],
  nl: ['code.label'],
};

/** Letters by the script that `Intl` names for a language; the others are those of Latin. */
const letters: Readonly<Record<string, RegExp>> = {
  Arab: /\p{Script=Arabic}/u,
  Beng: /\p{Script=Bengali}/u,
  Cyrl: /\p{Script=Cyrillic}/u,
  Deva: /\p{Script=Devanagari}/u,
  Grek: /\p{Script=Greek}/u,
  Hans: /\p{Script=Han}/u,
  Hant: /\p{Script=Han}/u,
  Hebr: /\p{Script=Hebrew}/u,
  Jpan: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/u,
  Kore: /\p{Script=Hangul}/u,
  Latn: /\p{Script=Latin}/u,
  Thai: /\p{Script=Thai}/u,
};
/** Written in Latin letters everywhere. */
const latinNames = /WhatsApp|JavaScript|SMS|e-mail/g;

describe('the languages of the page', () => {
  it('are those of the texts', () => {
    expect([...locales].sort()).toEqual([...textLocales].sort());
  });

  it('are known by their tags alone', () => {
    expect(['en', 'pt-BR', 'sr-Latn', 'zh-Hant'].every(isLocale)).toBe(true);
    expect(['EN', 'xx', 'pt-br', '', 'toString', '__proto__'].some(isLocale)).toBe(false);
  });

  it('stand in the order in which people look for theirs', () => {
    const some: readonly Locale[] = ['cs', 'de', 'es', 'fr', 'vi', 'el', 'ru', 'ar', 'hi', 'zh-Hans'];
    expect(locales.filter((locale) => some.includes(locale))).toEqual([
      ...['cs', 'de', 'es', 'fr', 'vi'], // čeština, Deutsch, español, français, Tiếng Việt
      ...['el', 'ru', 'ar', 'hi', 'zh-Hans'],
    ]);
  });

  it('run the way that Intl says', () => {
    for (const locale of locales) {
      const { textInfo } = new Intl.Locale(locale) as { textInfo?: { direction: string } };
      expect([locale, directionOf(locale)]).toEqual([locale, textInfo?.direction]);
    }
    expect(locales.filter((locale) => directionOf(locale) === 'rtl').sort()).toEqual(['ar', 'fa', 'he']);
  });
});

describe.each(locales)('the words in %s', (locale) => {
  const words: Words = wordsOf(locale);
  const sentences = sentencesOf(words);
  const plurals = Object.entries(sentences).filter((entry): entry is [string, Plural] => {
    return typeof entry[1] !== 'string';
  });
  const rules = new Intl.PluralRules(locale);

  it('are all there, and no others', () => {
    expect(Object.keys(sentences)).toEqual(keys);
    expect(plurals.map(([key]) => key)).toEqual(keys.filter((key) => typeof english[key] !== 'string'));
    expect(faultsIn(locale, (sentence) => sentence === '')).toEqual([]);
  });

  it('keep every place that is filled in', () => {
    for (const [key, value] of Object.entries(sentences)) {
      const [wanted, given] = [english[key]!, value].map((either) =>
        places(typeof either === 'string' ? either : either.other),
      );
      expect([key, given]).toEqual([key, wanted]);
    }
  });

  it('have a form for every number, and none that no number has', () => {
    const categories = new Set(Array.from({ length: 21 }, (_, count) => rules.select(count)));
    for (const [key, forms] of plurals) {
      const missing = [...categories].filter((category) => forms[category] === undefined);
      const { pluralCategories } = rules.resolvedOptions();
      const unknown = Object.keys(forms).filter((form) => !pluralCategories.includes(form as 'other'));
      expect([key, missing, unknown]).toEqual([key, [], []]);
    }
  });

  it('say the number in every form that stands for several', () => {
    const counts = Array.from({ length: 201 }, (_, count) => count);
    for (const [key, forms] of plurals) {
      for (const [category, sentence] of Object.entries(forms)) {
        const standsForOne = counts.filter((count) => rules.select(count) === category).length === 1;
        const isSpelled = standsForOne && !sentence.includes('{');
        expect([key, category, isSpelled || places(sentence).join() === '{count}']).toEqual([
          key,
          category,
          true,
        ]);
      }
    }
  });

  if (locale !== 'en') {
    it('are translated', () => {
      const same = keys.filter((key) => JSON.stringify(sentences[key]) === JSON.stringify(english[key]));
      expect(same).toEqual(sameAsInEnglish[locale] ?? []);
    });
  }

  it('are plain text, spelled with the signs of print', () => {
    // No markup, no straight quotes, no three dots, no blank that is not needed, nothing to be composed.
    const isFault = (sentence: string) =>
      /[<>&"'`]|\.\.|\s\s|^\s|\s$/.test(sentence) || sentence.normalize('NFC') !== sentence;
    expect(faultsIn(locale, isFault)).toEqual([]);
  });

  it('are written in one script', () => {
    const own = letters[new Intl.Locale(locale).maximize().script ?? ''] ?? /^$/;
    const isFault = (sentence: string) =>
      [...sentence.replace(/\{\w+\}/g, '').replace(latinNames, '')].some(
        (sign) => /\p{L}/u.test(sign) && !own.test(sign),
      );
    expect(faultsIn(locale, isFault)).toEqual([]);
  });

  it('end with a full stop where the English does', () => {
    const writesNone = locale === 'th';
    const ends = (sentence: string) => /[.。।]$/.test(sentence);
    const isFault = (sentence: string, key: string) =>
      ends(sentence) !== (!writesNone && formsOf(english[key]!).every(ends));
    expect(faultsIn(locale, isFault)).toEqual([]);
  });

  it('never put a full stop behind the one that a time of day brings', () => {
    const times = [{ hour: 'numeric', minute: '2-digit' } as const, { timeStyle: 'short' } as const].map(
      (options) => new Intl.DateTimeFormat(locale, options).format(0),
    );
    const isFault = (sentence: string) => sentence.includes('{time}.');
    if (times.some((time) => time.endsWith('.'))) expect(faultsIn(locale, isFault)).toEqual([]);
  });

  it('call the code what the texts call it', () => {
    const { kinds, short }: Language = texts[locale];
    expect(`${kinds.default} ${short}`.toLocaleLowerCase(locale)).toContain(
      words.code.label.toLocaleLowerCase(locale),
    );
  });

  it('fit on the buttons of a narrow phone', () => {
    const { number, code, resend, channels, ended, limit, unreachable, done, cancel, tryAgain } = words;
    const buttons = [number.send, code.check, code.change, resend.button, ended.button, limit.enterCode];
    buttons.push(channels.sms, channels.voice, channels.whatsapp, unreachable.button, done.button);
    expect([...buttons, cancel, tryAgain].filter((label) => label.length > 28)).toEqual([]);
  });
});
