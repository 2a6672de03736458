import type { Application, ApplicationSettings } from '../../applications/application';
import type { PriceLookup } from '../../sms/price-lookup';
import { previewSchema } from './messages.dto';
import { MessagesService } from './messages.service';
import { noTexts } from '../../sms/texts/installed-texts';

const application = (settings: ApplicationSettings): Application => ({
  id: 'a',
  name: 'Shop',
  settings,
  createdAt: new Date(0),
  purposes: [],
});

/** Sends to Spain by one gateway, to Germany by another, and nowhere else. */
const byCountry: Readonly<Record<string, string[]>> = { ES: ['labsmobile', 'twilio'], DE: ['twilio'] };
const candidates = (channel: string, country: string | null) =>
  channel === 'sms' ? (byCountry[country ?? ''] ?? []) : [];
const senderFor = (gateway: string) => (gateway === 'twilio' ? 'ACME' : null);
const prices: Pick<PriceLookup, 'priceOf'> = {
  priceOf: (gateway) => (gateway === 'labsmobile' ? { micros: 34_500, currency: 'EUR' } : null),
};

const preview = (body: object, settings: ApplicationSettings = { brand: 'Acme' }, book = prices) =>
  new MessagesService({ candidates, senderFor, texts: noTexts }, book).preview(
    application(settings),
    previewSchema.parse(body),
  );
const refusal = (body: object, settings: ApplicationSettings = { brand: 'Acme' }) => {
  try {
    preview(body, settings);
    return null;
  } catch (error) {
    return error;
  }
};

describe('a preview', () => {
  it('is the built-in text with the sample code when nothing else is said', () => {
    expect(preview({})).toEqual({
      text: 'Acme: 123456 is your verification code. NEVER share it, we will never ask for it. Not you? Ignore this text. Expires in 10 min.',
      subject: null,
      locale: 'en',
      channel: 'sms',
      source: 'built-in',
      encoding: 'gsm7',
      characters: 127,
      units: 127,
      parts: 1,
      code: '123456',
      estimates: [],
    });
  });

  it('follows the policy of the purpose, unless the call says otherwise', () => {
    const settings = { purposes: { vote: { codeLength: 8, ttlSeconds: 300 } } };
    expect(preview({ purpose: 'vote' }, settings)).toMatchObject({
      code: '12345678',
      text: expect.stringMatching(/^12345678 is your code to vote\..*Expires in 5 min\.$/) as string,
    });
    const answer = preview({ purpose: 'vote', codeLength: 10, ttlSeconds: 95 }, settings);
    expect(answer.text).toMatch(/^1234567890 .*in 95 sec\.$/);
  });

  it('says seconds below two minutes, in writing and by voice', () => {
    expect(preview({ ttlSeconds: 30 }).text).toMatch(/Expires in 30 sec\.$/);
    expect(preview({ ttlSeconds: 30, channel: 'voice', locale: 'de' }).text).toMatch(
      /Gültig für 30 Sekunden\.$/,
    );
    const settings = { policy: { ttlSeconds: 95 } };
    expect(preview({}, settings).text).toMatch(/in 95 sec\.$/);
    expect(preview({ ttlSeconds: 179 }).text).toMatch(/in 2 min\.$/);
  });

  it('speaks the language of the call, of the application, or of the country', () => {
    expect(preview({ locale: 'fr' }).locale).toBe('fr');
    expect(preview({ country: 'ES' }).locale).toBe('es');
    expect(preview({ country: 'ES' }, { locale: 'de' }).locale).toBe('de');
  });

  it('tells encoding, units and parts by SMS, and one part elsewhere', () => {
    expect(preview({ locale: 'ru', webOtpDomain: 'login.acme.example' })).toMatchObject({
      encoding: 'ucs2',
      parts: 2,
    });
    const email = preview({ locale: 'ru', channel: 'email' });
    expect(email).toMatchObject({
      encoding: null,
      units: null,
      parts: 1,
      subject: 'Acme: код подтверждения',
    });
  });

  it('estimates what all parts cost by the likeliest gateway of each country', () => {
    const { estimates, parts } = preview({
      locale: 'ru',
      brand: 'x'.repeat(30),
      countries: ['ES', 'DE', 'FR'],
    });
    expect(parts).toBe(2);
    expect(estimates).toEqual([
      {
        country: 'ES',
        gateway: 'labsmobile',
        sender: null,
        price: { amount: '0.069000', currency: 'EUR', micros: 69_000 },
      },
      { country: 'DE', gateway: 'twilio', sender: 'ACME', price: null },
      { country: 'FR', gateway: null, sender: null, price: null },
    ]);
    expect(preview({ country: 'ES' }, {}, { priceOf: () => null }).estimates).toEqual([
      { country: 'ES', gateway: 'labsmobile', sender: null, price: null },
    ]);
  });
});

describe('a template on trial', () => {
  it('is shown instead of the saved ones, for what it is for', () => {
    const settings = { brand: 'Acme', templates: [{ text: 'saved {code}' }] };
    expect(preview({}, settings)).toMatchObject({ text: 'saved 123456', source: 'template' });
    const template = {
      text: '{brand} {code}',
      purpose: 'vote',
      locale: 'is',
      channel: 'email',
      subject: 'Kjörkóði',
    };
    expect(preview({ template }, settings)).toMatchObject({
      text: 'Acme 123456',
      subject: 'Kjörkóði',
      locale: 'is',
      channel: 'email',
      source: 'template',
    });
  });

  it('is refused for a life that it cannot say, with what to write', () => {
    const template = { text: '{code}, {minutes} min' };
    expect(preview({ template, ttlSeconds: 95 }).text).toBe('123456, 1 min');
    expect(refusal({ template, ttlSeconds: 30 })).toMatchObject({
      details: { errors: [{ path: 'template', message: expect.stringMatching(/=0/) as string }] },
    });
  });

  it('has a sample payment when it shows one', () => {
    const template = { text: 'Pay {amount} {currency} to {payee}: {code}' };
    expect(preview({ template }).text).toBe('Pay 49.90 EUR to Northwind Travel: 123456');
  });

  it('is refused as saving it would refuse it, with the place', () => {
    const place = (template: object) =>
      previewSchema.safeParse({ template }).error?.issues.map(({ path }) => path.join('.'));
    expect(place({ text: 'Hello' })).toEqual(['template.text']);
    expect(refusal({ template: { text: '{code} https://acme.example' } })).toMatchObject({
      code: 'invalid_request',
      details: { errors: [{ path: 'template.text' }] },
    });
    expect(refusal({ template: { text: '{brand} {code}' } }, {})).toMatchObject({
      details: {
        errors: [{ path: 'template.text', message: expect.stringMatching(/^Set brand/) as string }],
      },
    });
    expect(refusal({ template: { text: '{code}'.padEnd(130, 'x') }, appHash: 'FA+9qCX9VSu' })).toMatchObject({
      details: { errors: [{ path: 'template.text' }] },
    });
  });

  it.each([
    ['a channel', { channel: 'voice' }],
    ['a channel that has its templates elsewhere', { channel: 'whatsapp' }],
    ['a purpose', { purpose: 'login' }],
    ['a language', { locale: 'es' }],
    ['a code without digest', { template: { text: '{code} {digest}', channel: 'email' }, channel: 'sms' }],
    ['a payment', { transaction: { amount: '1', currency: 'EUR', payee: 'Shop' } }],
  ])('is refused for %s that it is not for', (_, more) => {
    const template = { text: '{code}', purpose: 'vote', locale: 'en' };
    expect(refusal({ template })).toBeNull();
    expect(refusal({ template, ...more })).toMatchObject({ details: { errors: [{ path: 'template' }] } });
  });
});

describe('a payment in a preview', () => {
  const paying = (payee: string, settings: ApplicationSettings = {}) =>
    refusal({ transaction: { amount: '1', currency: 'EUR', payee } }, settings);

  it('is refused for a link, as a create is, unless the application allows links', () => {
    const place = { code: 'invalid_request', details: { errors: [{ path: 'transaction.payee' }] } };
    expect(paying('Shop at evil.example')).toMatchObject(place);
    expect(paying('Shop at evil.example', { allowLinks: true })).toBeNull();
    expect(paying('Shop')).toBeNull();
  });
});
