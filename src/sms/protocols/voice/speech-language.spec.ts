import { speechLanguage } from './speech-language';

describe('the language of a voice', () => {
  const supported = [
    'ar-AE',
    'de-DE',
    'en-GB',
    'en-US',
    'es-ES',
    'es-MX',
    'fil-PH',
    'nb-NO',
    'pt-BR',
    'pt-PT',
  ];
  const withChinese = [...supported, 'zh-CN', 'zh-TW', 'he-IL'];

  it.each([
    ['es-MX', 'es-MX'],
    ['en', 'en-US'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-PT'],
    ['es-AR', 'es-ES'],
    ['de-CH', 'de-DE'],
    ['ar', 'ar-AE'],
    ['no', 'nb-NO'],
    ['zh', 'zh-CN'],
    ['zh-Hant', 'zh-TW'],
    ['iw', 'he-IL'],
    ['tl', 'fil-PH'],
  ])('for %s is %s', (locale, language) => {
    expect(speechLanguage(locale, withChinese)).toBe(language);
  });

  it.each(['sw', 'zh', 'not a locale', ''])('is none for %p where nobody speaks it', (locale) => {
    expect(speechLanguage(locale, supported)).toBeNull();
  });
});
