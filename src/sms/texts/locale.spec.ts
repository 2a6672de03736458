import { chooseLocale } from './locale';
import { languages } from './languages';

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
  ])('of call %j, application %j, country %j is %s', (requested, application, country, expected) => {
    expect(chooseLocale(requested, application, country)).toBe(expected);
  });

  it('passes over what does not exist or makes no sense', () => {
    expect(chooseLocale('fr-FR', 'es', 'GB')).toBe('es');
    expect(chooseLocale('fr', 'de', 'AR')).toBe('es');
    for (const junk of ['', '-', '--es', 'e', 'español', '__proto__', 'constructor', '-'.repeat(10_000)]) {
      expect(chooseLocale(junk, null, 'GB')).toBe('en');
    }
  });

  it('is named by at most one language per country', () => {
    const countries = Object.values(languages).flatMap((language): readonly string[] => language.countries);
    expect(new Set(countries).size).toBe(countries.length);
  });
});
