import fc from 'fast-check';
import { MAX_LOCALE_LENGTH, readLocale, tagsToTry } from './locale-tag';

describe('the name of a language', () => {
  it.each([
    ['BCP 47', 'es', 'es'],
    ['BCP 47', 'es-MX', 'es-MX'],
    ['BCP 47', 'ZH-hant-tw', 'zh-Hant-TW'],
    ['BCP 47', 'es-419', 'es-419'],
    ['BCP 47', 'ca-valencia', 'ca-valencia'],
    ['BCP 47', 'ar-EG-u-nu-latn', 'ar-EG-u-nu-latn'],
    ['BCP 47', 'zh-cmn-Hans-CN', 'zh-Hans-CN'],
    ['Java', 'pt_BR', 'pt-BR'],
    ['Java', 'zh_TW', 'zh-TW'],
    ['Java', 'zh_TW_#Hant', 'zh-Hant-TW'],
    ['Java', 'pt_BR_#Latn', 'pt-Latn-BR'],
    ['Java', 'sr__#Latn', 'sr-Latn'],
    ['Java', 'th_TH_TH_#u-nu-thai', 'th-TH'],
    ['Java', 'ja_JP_JP_#u-ca-japanese', 'ja-JP'],
    ['Java', 'zh_TW_#Hant-x-java', 'zh-Hant-TW'],
    ['Java', 'no_NO_NY', 'no-NO'],
    ['Java', 'de_DE_EURO', 'de-DE'],
    ['Java', 'es__Traditional_WIN', 'es'],
    ['Java', 'iw', 'he'],
    ['Java', 'iw_IL', 'he-IL'],
    ['Java', 'in', 'id'],
    ['Java', 'in_ID', 'id-ID'],
    ['Java', 'ji', 'yi'],
    ['Android', 'zh-rTW', 'zh-TW'],
    ['Android', 'in-rID', 'id-ID'],
    ['Android', 'sr-rRS', 'sr-RS'],
    ['Android', 'b+sr+Latn', 'sr-Latn'],
    ['Android', 'b+es+419', 'es-419'],
    ['Android', 'b+sr+Latn+RS', 'sr-Latn-RS'],
    ['Android', 'tl', 'fil'],
    ['Apple', 'zh-Hant_TW', 'zh-Hant-TW'],
    ['Apple', 'en_US@rg=gbzzzz', 'en-US'],
    ['POSIX', 'de_DE.UTF-8', 'de-DE'],
    ['POSIX', 'de_DE.ISO-8859-15@euro', 'de-DE'],
  ])('is read as %s writes it: %s', (_, written, locale) => {
    expect(readLocale(written)).toBe(locale);
  });

  it.each([
    '',
    'e',
    'english',
    'español',
    'C',
    'x-klingon',
    '-es',
    'es-',
    'es--MX',
    'es MX',
    'es_MX\n',
    'es/MX',
    'es-é',
    '_MX',
    '$ne',
    '__proto__',
    'constructor',
    `es-${'a'.repeat(MAX_LOCALE_LENGTH)}`,
  ])('is not %j', (written) => expect(readLocale(written)).toBeNull());

  it('once read is read again as itself, whatever was written', () => {
    const pieces = fc.constantFrom(
      'pt',
      'zh',
      'BR',
      'rTW',
      '#Hant',
      'Latn',
      '419',
      'u',
      '_',
      '__',
      '-',
      '+',
      '.',
      '@',
      'x',
    );
    const written = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 9 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(written, (text) => {
        const locale = readLocale(text);
        fc.pre(locale !== null);
        expect(readLocale(locale)).toBe(locale);
        expect(tagsToTry(locale)[0]).toBe(locale);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the tags to try', () => {
  it.each([
    ['es', ['es']],
    ['es-MX', ['es-MX', 'es-Latn', 'es']],
    ['pt-Latn-BR', ['pt-Latn-BR', 'pt-BR', 'pt-Latn', 'pt']],
    ['zh-MO', ['zh-MO', 'zh-Hant', 'zh']],
    ['zh-Hant-MO', ['zh-Hant-MO', 'zh-MO', 'zh-Hant', 'zh']],
    ['sr-Latn-RS', ['sr-Latn-RS', 'sr-Latn', 'sr']],
  ])('for %s are %j', (locale, tags) => expect(tagsToTry(locale)).toEqual(tags));
});
