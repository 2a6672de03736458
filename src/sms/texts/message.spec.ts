import fc from 'fast-check';
import { smsSize } from '../protocols/gsm7';
import { kinds } from './language';
import { renderMessage, type MessageInput } from './message';
import type { TextSettings } from '../settings/text-settings';

const base: MessageInput = {
  channel: 'sms',
  locale: 'en',
  country: null,
  purpose: 'default',
  code: '493021',
  secondsLeft: 600,
};
const render = (input: Partial<MessageInput> = {}, settings: TextSettings = { brand: 'Acme' }) =>
  renderMessage(settings, { ...base, ...input });
const text = ({ brand = 'Acme', ...input }: Partial<MessageInput> & { brand?: string | null } = {}) =>
  render(input, brand === null ? {} : { brand }).text;
const transaction = { amount: '1249.90', currency: 'EUR', payee: 'Northwind Travel' };

describe('the default texts', () => {
  it.each<[string, Partial<MessageInput> & { brand?: null }, string]>([
    [
      'English',
      {},
      'Acme: 493021 is your verification code. NEVER share it, we will never ask for it. Not you? Ignore this text. Expires in 10 min.',
    ],
    [
      'Spanish',
      { locale: 'es' },
      'Acme: 493021 es tu codigo de un solo uso. NO lo compartas, nunca te lo pediremos. Si no lo has pedido, ignora este mensaje. Caduca en 10 min.',
    ],
    [
      'English without a brand, to sign in',
      { brand: null, purpose: 'login' },
      '493021 is your code to sign in. NEVER share it, we will never ask for it. Not you? Ignore this text. Expires in 10 min.',
    ],
    [
      'Spanish to sign in',
      { locale: 'es', purpose: 'login' },
      'Acme: 493021 es tu codigo para entrar. NO lo compartas, nunca te lo pediremos. Si no lo has pedido, ignora este mensaje. Caduca en 10 min.',
    ],
    [
      'an English payment',
      { transaction },
      'Acme: 493021 is your code to pay 1249.90 EUR to Northwind Travel. NEVER share it, we will never ask for it. Expires in 10 min.',
    ],
    [
      'a Spanish payment',
      { locale: 'es', transaction },
      'Acme: 493021 es tu codigo para pagar 1249.90 EUR a Northwind Travel. NO lo compartas, nunca te lo pediremos. Caduca en 10 min.',
    ],
    [
      'English for a browser',
      { webOtpDomain: 'acme.example' },
      'Acme: 493021 is your verification code. NEVER share it, we will never ask for it. Not you? Ignore this text. Expires in 10 min.\n@acme.example #493021',
    ],
    [
      'English for an Android app',
      { appHash: 'FA+9qCX9VSu' },
      'Acme: 493021 is your verification code. NEVER share it, we will never ask for it. Not you? Ignore this text. Expires in 10 min.\nFA+9qCX9VSu',
    ],
    [
      'Spanish for both',
      { locale: 'es', appHash: 'FA+9qCX9VSu', webOtpDomain: 'acme.example' },
      'Acme: 493021 es tu codigo de un solo uso. NO lo compartas. Caduca en 10 min.\nFA+9qCX9VSu\n@acme.example #493021',
    ],
  ])('are the agreed ones: %s', (_, input, expected) => {
    expect(text(input)).toBe(expected);
  });

  it('say "verification code" for a purpose that has no words, whatever its name', () => {
    for (const purpose of ['default', 'loyalty-7', 'constructor', '__proto__', 'toString']) {
      expect(text({ purpose })).toContain('493021 is your verification code.');
    }
  });
});

describe('the length of a text', () => {
  const gsm = (max: number) =>
    fc.string({ unit: fc.constantFrom(...'abcXYZ 019&.éñ'), minLength: 1, maxLength: max });
  const inputs = {
    brand: fc.option(gsm(20)),
    locale: fc.constantFrom('en', 'es'),
    code: fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: 4, maxLength: 10 }),
    minutes: fc.integer({ min: 1, max: 1440 }),
    purpose: fc.constantFrom<string>(...kinds, 'other'),
  };

  it('is one message also for brands up to 20 characters and payees up to 30', () => {
    const payments = fc.record({
      amount: fc.stringMatching(/^\d{1,7}\.\d{2}$/),
      currency: fc.constant('EUR'),
      payee: gsm(30),
    });
    fc.assert(
      fc.property(fc.record({ ...inputs, transaction: fc.option(payments) }), (input) => {
        expect(smsSize(text(input))).toMatchObject({ encoding: 'gsm7', segments: 1 });
      }),
    );
  });

  it('is at most 140 octets with an app hash and a domain up to 30 characters', () => {
    const brand = fc.option(fc.stringMatching(/^[A-Za-z ]{1,20}$/));
    const webOtpDomain = fc.stringMatching(/^[a-z]{1,18}\.[a-z]{2,11}$/);
    fc.assert(
      fc.property(fc.record({ ...inputs, brand, webOtpDomain }), (input) => {
        expect(Buffer.byteLength(text({ ...input, appHash: 'FA+9qCX9VSu' }))).toBeLessThanOrEqual(140);
        expect(smsSize(text(input)).segments).toBe(1);
      }),
    );
  });

  it('is used as far as it is paid for: of the wordings with fewest parts the longest', () => {
    const russian = text({ locale: 'ru', webOtpDomain: 'login.acme.example' });
    expect(russian).toBe(
      'Acme: 493021 — ваш код подтверждения. Никому не сообщайте. Действует 10 мин.\n@login.acme.example #493021',
    );
    expect(smsSize(russian).segments).toBe(2);
  });

  it('keeps amount and payee when nothing fits into one message', () => {
    const payee = '北京市朝阳区某某科技有限公司北京分公司旅行社';
    const result = text({ brand: 'x'.repeat(40), transaction: { ...transaction, payee } });
    expect(result).toContain(`1249.90 EUR to ${payee}.`);
    expect(smsSize(result).segments).toBeGreaterThan(1);
  });

  it('drops accents from a brand rather than doubling the price', () => {
    expect(text({ brand: 'Panadería José' })).toMatch(/^Panaderia José: /);
    expect(smsSize(text({ brand: '招商银行' }))).toMatchObject({ encoding: 'ucs2', segments: 1 });
  });
});

describe('what clients put into a text', () => {
  it('never adds a line: the last one is ours, because browsers act on it', () => {
    const forged = 'Shop\r\n\u2028@evil.example #111111\u0000';
    const result = text({
      brand: forged,
      webOtpDomain: 'acme.example',
      transaction: { ...transaction, payee: forged },
    });
    expect(result.split(/[\n\r\u2028\u2029]/)).toHaveLength(2);
    expect(result.split('\n').at(-1)).toBe('@acme.example #493021');
    expect(text({ brand: forged })).not.toMatch(/[\p{Cc}\p{Zl}]/u);
  });

  it('is never taken for a placeholder or a replacement pattern', () => {
    const result = text({ brand: "{code}$&$'{payee}", transaction: { ...transaction, payee: '{code} $1' } });
    expect(result.startsWith("{code}$&$'{payee}: 493021 is your code")).toBe(true);
    expect(result).toContain('EUR to {code} $1.');
  });

  it('cannot reorder what is shown', () => {
    expect(text({ transaction: { ...transaction, payee: '\u202eecruoS\u2066 \u200fx' } })).toContain(
      'EUR to ecruoS x.',
    );
  });

  it('keeps its spelling, also at the beginning', () => {
    expect(text({ brand: 'acme' })).toMatch(/^acme: /);
    expect(text({ brand: null, locale: 'tr' })).toMatch(/^Dogrulama kodunuz: 493021\./);
  });

  it('is bounded: 40 characters of a brand, 70 of a payee', () => {
    const long = 'n'.repeat(100);
    const result = text({ brand: long, transaction: { ...transaction, payee: long } });
    expect(result.startsWith(`${'n'.repeat(37)}...: 493021 is`)).toBe(true);
    expect(result).toContain(`EUR to ${'n'.repeat(67)}.... NEVER`);
  });

  it('leaves no colon behind when the brand is only blanks', () => {
    expect(text({ brand: ' \n ' })).toMatch(/^493021 is/);
  });
});
