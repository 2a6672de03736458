import { builtInTags, chooseLocale } from './locale';

describe('the language of a text', () => {
  it.each([
    ['es', 'en', 'GB', 'es'],
    ['ES-mx', 'en', 'GB', 'es'],
    ['es-419-x-y', null, 'US', 'es'],
    ['en-GB', 'es', 'ES', 'en'],
    [null, 'es-ES', 'GB', 'es'],
    [undefined, 'en', 'ES', 'en'],
    [null, null, 'MX', 'es'],
    [null, undefined, 'GB', 'en'],
    [null, null, null, 'en'],
    ['pt-BR', null, null, 'pt-BR'],
    ['pt-AO', null, 'BR', 'pt'],
    [null, null, 'BR', 'pt-BR'],
    [null, null, 'PT', 'pt'],
    [null, null, 'CH', 'de'],
    [null, null, 'IN', 'en'],
  ])('of call %j, application %j, country %j is %s', (requested, application, country, expected) => {
    expect(chooseLocale(requested, application, country)).toBe(expected);
  });

  it.each([
    ['zh', 'zh-Hans'],
    ['zh-CN', 'zh-Hans'],
    ['zh-SG', 'zh-Hans'],
    ['zh-TW', 'zh-Hant'],
    ['zh-HK', 'zh-Hant'],
    ['zh-Hant-HK', 'zh-Hant'],
    ['sr', 'sr-Latn'],
    ['sr-RS', 'sr-Latn'],
    ['no', 'nb'],
    ['nn-NO', 'nb'],
    ['iw', 'he'],
    ['in-ID', 'id'],
    ['in', 'id'],
    ['iw_IL', 'he'],
    ['mo', 'ro'],
    ['sh_RS', 'sr-Latn'],
    ['pt_BR', 'pt-BR'],
    ['pt_BR_#Latn', 'pt-BR'],
    ['pt_PT', 'pt'],
    ['zh_TW', 'zh-Hant'],
    ['zh-rTW', 'zh-Hant'],
    ['zh_TW_#Hant', 'zh-Hant'],
    ['zh_MO_#Hant', 'zh-Hant'],
    ['zh-rMO', 'zh-Hant'],
    ['zh_CN_#Hans', 'zh-Hans'],
    ['b+sr+Latn', 'sr-Latn'],
    ['no_NO_NY', 'nb'],
    ['de_AT.UTF-8', 'de'],
  ])('knows %s as %s', (tag, expected) => {
    expect(chooseLocale(tag, null, null)).toBe(expected);
  });

  it('passes over what does not exist or makes no sense', () => {
    expect(chooseLocale('is-IS', 'es', 'GB')).toBe('es');
    expect(chooseLocale('is', 'mt', 'AR')).toBe('es');
    for (const junk of ['', '-', '--es', 'e', 'español', '__proto__', 'constructor', '-'.repeat(10_000)]) {
      expect(chooseLocale(junk, null, 'GB')).toBe('en');
    }
  });

  it('may be one that only the application has', () => {
    const available = new Map([...builtInTags, ['is', 'is'] as const, ['es-mx', 'es-MX'] as const]);
    expect(chooseLocale('is-IS', null, 'ES', available)).toBe('is');
    expect(chooseLocale('es-MX', null, null, available)).toBe('es-MX');
    expect(chooseLocale('es-AR', null, null, available)).toBe('es');
  });
});
