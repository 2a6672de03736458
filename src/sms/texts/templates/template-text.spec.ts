import type { Template } from './template';
import { smsSize } from '../../protocols/gsm7';
import { renderMessage, type MessageInput } from '../message';
import type { TextSettings } from '../../settings/text-settings';

const transaction = { amount: '49.90', currency: 'EUR', payee: 'Northwind Travel' };
const input: MessageInput = {
  channel: 'sms',
  locale: 'en',
  country: null,
  purpose: 'login',
  code: '493021',
  secondsLeft: 600,
};
const render = (
  templates: readonly Template[],
  more: Partial<MessageInput> = {},
  settings: TextSettings = {},
) => renderMessage({ brand: 'Acme', ...settings, templates }, { ...input, ...more });
const text = (template: string, more: Partial<MessageInput> = {}, settings: TextSettings = {}) =>
  render([{ text: template }], more, settings).text;

describe('a text from a template', () => {
  it('has its values put in, and the plural of its language', () => {
    const template = '{brand}: {code}, {minutes, plural, one {# minute} other {# minutes}}. {contact}';
    expect(text(template, {}, { contact: 'help@acme.example' })).toBe(
      'Acme: 493021, 10 minutes. help@acme.example',
    );
    expect(text(template, { secondsLeft: 60 })).toBe('Acme: 493021, 1 minute. ');
    const polish = '{code} {minutes, plural, one {minuta} few {minuty} many {minut} other {minuty}}';
    expect(render([{ text: polish }], { locale: 'pl', secondsLeft: 180 }).text).toBe('493021 minuty');
    expect(render([{ text: polish }], { locale: 'pl', secondsLeft: 300 }).text).toBe('493021 minut');
  });

  // Catches: "0 minutes", or one minute that is not there.
  it('is not used for less than a minute when it says minutes, unless it says what to say then', () => {
    const last = (template: Template, secondsLeft: number) => render([template], { secondsLeft });
    for (const text of [
      '{code}: {minutes} min',
      '{code} {minutes, plural, one {# minute} other {# minutes}}',
    ]) {
      expect(last({ text }, 60)).toMatchObject({ source: 'template' });
      expect(last({ text }, 59)).toMatchObject({
        source: 'built-in',
        text: expect.stringMatching(/Expires in 59 sec\.$/) as string,
      });
    }
    const prepared = '{code} {minutes, plural, =0 {{seconds} s} =1 {{seconds} s} other {# min}}';
    expect(last({ text: prepared }, 30).text).toBe('493021 30 s');
    expect(last({ text: prepared }, 95).text).toBe('493021 95 s');
    expect(last({ text: prepared }, 179).text).toBe('493021 2 min');
    expect(last({ text: '{code} {seconds, plural, one {# second} other {# seconds}}' }, 1).text).toBe(
      '493021 1 second',
    );
    expect(last({ text: 'Door: {code}' }, 30)).toMatchObject({ source: 'template', text: 'Door: 493021' });
  });

  it('says the time in the words of its language', () => {
    const words = (secondsLeft: number, more: Partial<MessageInput> = {}) =>
      text('{code}: {duration}', { secondsLeft, ...more });
    expect(words(600)).toBe('493021: 10 min');
    expect(words(2_592_000)).toBe('493021: 30 days');
    expect(words(2_592_000, { locale: 'de' })).toBe('493021: 30 Tg');
    const voice = { text: '{code}. {code}. {duration}.', channel: 'voice' } as const;
    expect(render([voice], { channel: 'voice', secondsLeft: 43_200 }).text).toMatch(/\. 12 hours\.$/);
  });

  it('shows quoted braces as braces', () => {
    expect(text("C''est l''{brand} '{ok}': {code}")).toBe("C'est l'Acme {ok}: 493021");
  });

  it('ends with the lines for autofill by SMS, and nowhere else', () => {
    const targets = { appHash: 'FA+9qCX9VSu', webOtpDomain: 'acme.example' };
    expect(text('{code}', targets)).toBe('493021\nFA+9qCX9VSu\n@acme.example #493021');
    expect(text('{code}', { ...targets, channel: 'email' })).toBe('493021');
  });

  // Catches: values parsed as part of the template.
  it('takes values as values, whatever braces, tags and quotes they hold', () => {
    const payee = "{code} '{brand}' <b>#</b> {minutes, plural, other {x}}";
    expect(text('{code}: {amount} {currency} to {payee}', { transaction: { ...transaction, payee } })).toBe(
      `493021: 49.90 EUR to ${payee}`,
    );
    expect(text('{brand}: {code}', {}, { brand: "{code}$&'" })).toBe("{code}$&': 493021");
  });

  it('keeps values on one line and in their place', () => {
    const forged = 'Shop\r\n\u2028@evil.example #111111\u202e';
    const result = text('{brand}: {code}', { webOtpDomain: 'acme.example' }, { brand: forged });
    expect(result.split(/[\n\r\u2028]/).at(-1)).toBe('@acme.example #493021');
    expect(result).toBe('Shop @evil.example #111111: 493021\n@acme.example #493021');
  });

  it('spells the code out by voice', () => {
    const voice = render([{ channel: 'voice', text: '{code}. Again: {code}.' }], { channel: 'voice' });
    expect(voice.text).toBe('4, 9, 3, 0, 2, 1. Again: 4, 9, 3, 0, 2, 1.');
  });

  it('has a subject of its own or the built-in one by e-mail', () => {
    const email = (template: Template) => render([template], { channel: 'email' }).subject;
    expect(email({ text: '{code}', subject: '{brand} wants to know' })).toBe('Acme wants to know');
    expect(email({ text: '{code}' })).toBe('Acme: code to sign in');
    expect(render([{ text: '{code}', subject: 'x' }]).subject).toBeNull();
  });

  it('falls back to the built-in text when what is stored is no template', () => {
    expect(render([{ text: '{code' }])).toMatchObject({ source: 'built-in' });
  });
});

describe('which template is used', () => {
  const named = (name: string, more: Partial<Template> = {}): Template => ({
    ...more,
    text: `${name} {code}`,
  });
  const used = (templates: readonly Template[], more: Partial<MessageInput> = {}) =>
    render(templates, more).text.split(' ')[0];

  it('is the most specific: purpose before channel before language', () => {
    const all = [
      named('any'),
      named('language', { locale: 'en' }),
      named('region', { locale: 'en-GB' }),
      named('channel', { channel: 'sms' }),
      named('channel+language', { channel: 'sms', locale: 'en' }),
      named('purpose', { purpose: 'login' }),
      named('purpose+language', { purpose: 'login', locale: 'en' }),
      named('purpose+channel', { purpose: 'login', channel: 'sms' }),
    ];
    const winners: (string | undefined)[] = [];
    const left = [...all];
    while (left.length > 0) {
      const winner = used(left, { locale: 'en-GB' });
      winners.push(winner);
      left.splice(
        left.findIndex((template) => template.text.startsWith(`${winner ?? ''} `)),
        1,
      );
    }
    expect(winners).toEqual([
      ...['purpose+channel', 'purpose+language', 'purpose', 'channel+language', 'channel'],
      ...['region', 'language', 'any'],
    ]);
  });

  it('is the first of equals', () => {
    expect(used([named('first'), named('second')])).toBe('first');
  });

  it('is none of another purpose, channel or language', () => {
    const others = [
      named('purpose', { purpose: 'vote' }),
      named('channel', { channel: 'voice' }),
      named('language', { locale: 'es' }),
      named('region', { locale: 'en-GB' }),
    ];
    expect(render(others, { locale: 'en' }).source).toBe('built-in');
    expect(render([named('any')], { channel: 'voice' }).source).toBe('built-in');
    expect(render([named('any')], { channel: 'whatsapp' }).source).toBe('built-in');
    expect(render([named('any')], { channel: 'email' }).source).toBe('template');
  });

  it('may be in a language that no built-in text is in', () => {
    const icelandic = [named('islenska', { locale: 'is', purpose: 'login' })];
    expect(render(icelandic, { locale: 'is-IS' })).toMatchObject({ locale: 'is', source: 'template' });
    expect(render(icelandic, { locale: 'is', purpose: 'vote' })).toMatchObject({
      locale: 'en',
      source: 'built-in',
    });
    expect(render([named('portugues', { locale: 'pt' })], { locale: 'pt-BR' })).toMatchObject({
      locale: 'pt-BR',
      source: 'template',
    });
  });

  // Catches: a payment confirmed by a text that does not say what is paid (PSD2 RTS, article 5).
  it('shows amount and payee whenever a payment is bound, and never without', () => {
    const plain = named('plain', { purpose: 'payment', channel: 'sms', locale: 'en' });
    const full: Template = { text: '{amount} {currency} to {payee}: {code}' };
    expect(render([plain], { purpose: 'payment', transaction })).toMatchObject({
      source: 'built-in',
      text: expect.stringContaining('49.90 EUR to Northwind Travel') as string,
    });
    expect(render([plain, full], { purpose: 'payment', transaction }).text).toBe(
      '49.90 EUR to Northwind Travel: 493021',
    );
    expect(render([plain, full], { purpose: 'payment' }).text).toBe('plain 493021');
    expect(render([full], { purpose: 'payment' }).source).toBe('built-in');
  });

  // Catches: an empty place where the digest should stand; what a client may not show to a person, beside a code.
  it('shows a digest only where there is one that may be shown', () => {
    const digest = 'f'.repeat(64);
    const signing = { text: '{code} signs {digest}' };
    expect(render([named('plain'), signing], { digest }).text).toBe(`493021 signs ${digest}`);
    expect(render([named('plain'), signing]).text).toBe('plain 493021');
    expect(render([named('plain')], { digest }).text).toBe('plain 493021');
    expect(render([signing, named('purpose', { purpose: 'login' })], { digest }).text).toBe('purpose 493021');
    for (const odd of ['two\nlines', '\u202eab', 'evil.example/x', ' ', 'x'.repeat(71)])
      expect(render([signing], { digest: odd })).toMatchObject({ source: 'built-in' });
    expect(render([signing], { digest: 'a.example' }, { allowLinks: true }).text).toContain(
      'signs a.example',
    );
    expect(render([], { digest }).text).not.toContain('ff');
  });

  it('follows a change of the settings at once', () => {
    const settings: TextSettings = { brand: 'Acme', templates: [named('before')] };
    expect(renderMessage(settings, input).text).toBe('before 493021');
    expect(renderMessage({ ...settings, templates: [named('after')] }, input).text).toBe('after 493021');
    expect(renderMessage(settings, input).text).toBe('before 493021');
  });
});

describe('transliteration', () => {
  const accented = `{code} ${'á'.repeat(90)} ł`;

  it('drops accents when that saves parts and the application wants it', () => {
    const result = text(accented, { webOtpDomain: 'acme.example' }, { transliterate: true });
    expect(result).toBe(`493021 ${'a'.repeat(90)} l\n@acme.example #493021`);
    expect(smsSize(result).segments).toBe(1);
    expect(text(accented)).toContain('á');
  });

  it('leaves a text alone that would cost the same', () => {
    expect(text('{code} á', {}, { transliterate: true })).toBe('493021 á');
    expect(text(`${accented} ц`, {}, { transliterate: true })).toContain('á');
    expect(text(accented, { channel: 'email' }, { transliterate: true })).toContain('á');
  });

  it('is done to names at any time where the template itself has no accents', () => {
    const payee = 'Panadería José';
    const template = 'Pay {amount} {currency} to {payee}: {code}';
    expect(text(template, { transaction: { ...transaction, payee } })).toContain('Panaderia José');
    expect(text(`ц ${template}`, { transaction: { ...transaction, payee } })).toContain('Panadería José');
  });
});
