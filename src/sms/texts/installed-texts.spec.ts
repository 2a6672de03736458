import { installedTexts } from './installed-texts';
import { renderMessage, type MessageInput } from './message';
import type { TextDefinition } from './text-definition';
import type { TextSettings } from '../settings/text-settings';

const input: MessageInput = {
  channel: 'sms',
  locale: 'eu',
  country: 'ES',
  purpose: 'login',
  code: '493021',
  secondsLeft: 300,
};
const basque: TextDefinition = {
  name: 'basque',
  locale: 'eu',
  countries: ['ES'],
  texts: [
    { channel: 'sms', text: 'Kodea: {code}' },
    { channel: 'sms', purpose: 'login', text: '{brand} kodea: {code}' },
    { channel: 'sms', purpose: 'door', text: '{minutes} min: {code}' },
    { channel: 'email', text: 'Posta: {code}', subject: 'Kodea' },
  ],
};
const rendered = (settings: TextSettings, more: Partial<MessageInput> = {}, ...texts: TextDefinition[]) =>
  renderMessage(settings, { ...input, ...more }, installedTexts([basque, ...texts]));

describe('the text of a plug-in', () => {
  it('is used before the built-in one, in a language that is not built in', () => {
    expect(rendered({}, { purpose: 'vote' })).toEqual({
      text: 'Kodea: 493021',
      subject: null,
      locale: 'eu',
      source: 'plugin',
    });
    expect(rendered({}, { channel: 'email' })).toMatchObject({ text: 'Posta: 493021', subject: 'Kodea' });
  });

  it('is in other words than the built-in one where it is in the same language', () => {
    const english: TextDefinition = {
      name: 'en',
      locale: 'en',
      texts: [{ channel: 'sms', text: 'Code {code}' }],
    };
    expect(rendered({}, { locale: 'en-GB' }, english)).toMatchObject({
      text: 'Code 493021',
      source: 'plugin',
    });
    expect(rendered({}, { locale: 'fr' }, english)).toMatchObject({ locale: 'fr', source: 'built-in' });
  });

  // Catches: a plug-in that speaks for an application which has words of its own.
  it('comes after a template of the application, however general that is', () => {
    const templates = [{ text: 'Own {code}' }];
    expect(rendered({ templates })).toMatchObject({ text: 'Own 493021', source: 'template' });
  });

  it('comes before the built-in one where the template of the application cannot say the time', () => {
    const templates = [{ text: 'Own {code}, {minutes} min' }];
    expect(rendered({ templates }, { secondsLeft: 30, purpose: 'vote' })).toMatchObject({ source: 'plugin' });
    expect(rendered({}, { secondsLeft: 30, purpose: 'door' })).toMatchObject({ source: 'built-in' });
  });

  // Catches: ` kodea: 493021`, and a contact with a link in it where links are not allowed.
  it('that shows the brand or the contact is for applications that may show them', () => {
    expect(rendered({ brand: 'Acme' }).text).toBe('Acme kodea: 493021');
    expect(rendered({}).text).toBe('Kodea: 493021');
    const contact: TextDefinition = {
      name: 'help',
      locale: 'eu',
      texts: [{ channel: 'voice', text: '{code}, {code}. {contact}' }],
    };
    const by = (settings: TextSettings) => rendered(settings, { channel: 'voice' }, contact).source;
    expect(by({ contact: 'Support' })).toBe('plugin');
    expect(by({ contact: 'https://evil.example' })).toBe('built-in');
    expect(by({})).toBe('built-in');
  });

  it('is the usual one in the countries that it names, when nobody says a language', () => {
    expect(rendered({}, { locale: null })).toMatchObject({ locale: 'eu' });
    expect(rendered({ locale: 'es' }, { locale: null })).toMatchObject({ locale: 'es' });
    expect(rendered({}, { locale: null, country: 'FR' })).toMatchObject({ locale: 'fr' });
    // There is no Basque voice: what is built in is usual.
    expect(rendered({}, { locale: null, channel: 'voice' })).toMatchObject({ locale: 'es' });
  });

  it('does not confirm a payment that it does not show', () => {
    const transaction = { amount: '49.90', currency: 'EUR', payee: 'Northwind' };
    expect(rendered({}, { transaction })).toMatchObject({ source: 'built-in' });
  });
});
