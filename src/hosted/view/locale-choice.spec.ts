import { localeFor } from './locale-choice';

const none = { chosen: undefined, begun: null, acceptLanguage: undefined, application: undefined };

describe('the language of a page', () => {
  it.each([
    ['what the person chose', { chosen: 'fr', begun: 'es', acceptLanguage: 'de' }, 'fr'],
    ['what the backend said', { begun: 'es-MX', acceptLanguage: 'de' }, 'es'],
    ['the browser’s most wanted that exists', { acceptLanguage: 'xx, pt-BR;q=0.8, de;q=0.9' }, 'de'],
    ['the application’s', { acceptLanguage: 'xx', application: 'it' }, 'it'],
    ['English', { acceptLanguage: 'xx' }, 'en'],
    ['not one that the browser refuses', { acceptLanguage: 'de;q=0, fr;q=0.1' }, 'fr'],
    ['no nonsense', { chosen: '<script>', begun: '../..', acceptLanguage: ';;;,q=1' }, 'en'],
  ])('is %s', (_, wishes, locale) => {
    expect(localeFor({ ...none, ...wishes })).toBe(locale);
  });
});
