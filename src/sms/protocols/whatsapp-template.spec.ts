import { templateLanguage, templateLanguages } from './whatsapp-template';

describe('the language of a WhatsApp template', () => {
  it.each([
    ['es', 'es'],
    ['es-MX', 'es'],
    ['pt', 'pt_BR'],
    ['fr', 'en'],
  ])('for a text in %s is %s among those that were approved', (locale, expected) => {
    expect(templateLanguage(locale, templateLanguages.parse('en,es,pt_BR'))).toBe(expected);
  });

  it('is that of the text where the setting names none', () => {
    expect(templateLanguage('pt-BR', undefined)).toBe('pt_BR');
  });

  it.each(['', 'en,', 'en es', 'e'])('is refused as %p', (text) => {
    expect(templateLanguages.safeParse(text).success).toBe(false);
  });
});
