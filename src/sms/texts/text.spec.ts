import fc from 'fast-check';
import { isGsm7, smsSize } from '../wire/gsm7';
import { languages, type Language, type Locale } from './languages';
import { renderText, type TextInput } from './text';

const locales = Object.keys(languages) as Locale[];
const text = (input: Partial<TextInput> = {}) =>
  renderText({ locale: 'en', brand: 'Acme', code: '493021', minutes: 10, ...input });
const transaction = { amount: '1249.90', currency: 'EUR', payee: 'Northwind Travel' };

describe('the default texts', () => {
  it.each<[string, Partial<TextInput>, string]>([
    [
      'English',
      {},
      'Acme: 493021 is your verification code. NEVER share it, we will never ask for it. Not you? Ignore this text. Expires in 10 min.',
    ],
    [
      'Spanish',
      { locale: 'es' },
      'Acme: 493021 es tu codigo de un solo uso. NO lo compartas, nunca te lo pediremos. Si no lo has pedido, ignora este SMS. Caduca en 10 min.',
    ],
    [
      'English without a brand, to sign in',
      { brand: null, purpose: 'login' },
      '493021 is your code to sign in. NEVER share it, we will never ask for it. Not you? Ignore this text. Expires in 10 min.',
    ],
    [
      'Spanish to sign in',
      { locale: 'es', purpose: 'login' },
      'Acme: 493021 es tu codigo para entrar. NO lo compartas, nunca te lo pediremos. Si no lo has pedido, ignora este SMS. Caduca en 10 min.',
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
      'Acme: 493021 es tu codigo de un solo uso. NO lo compartas con nadie. Caduca en 10 min.\nFA+9qCX9VSu\n@acme.example #493021',
    ],
  ])('are the agreed ones: %s', (_, input, expected) => {
    expect(text(input)).toBe(expected);
  });

  it.each(locales)('in %s stay in the GSM alphabet, word by word', (locale) => {
    const { kinds, code, payment }: Language = languages[locale];
    for (const wording of [...Object.values(kinds), ...code, ...payment]) {
      expect(isGsm7(wording.replace(/[{}]/g, ''))).toBe(true);
    }
  });

  it.each(locales)('in %s carry code, minutes and the warning in every length', (locale) => {
    const { code, payment }: Language = languages[locale];
    for (const wording of [...code, ...payment]) {
      expect(wording).toMatch(/^\{sender\}\{code\} [^.]*(code|codigo|\{kind\})[^.]*\. (NEVER|NO) [^.]+/);
      expect(wording).toContain('{minutes}');
    }
    for (const wording of payment) expect(wording).toMatch(/\{amount\} \{currency\}.*\{payee\}/);
  });

  it('put every known purpose into words in every language', () => {
    for (const locale of locales) {
      expect(Object.keys(languages[locale].kinds)).toEqual(Object.keys(languages.en.kinds));
    }
    expect(text({ purpose: 'password-reset' })).toContain('code to reset your password');
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
  const codes = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: 4, maxLength: 10 });
  const minutes = fc.integer({ min: 1, max: 1440 });
  const purposes = fc.constantFrom(...Object.keys(languages.en.kinds), 'other');
  const base = {
    locale: fc.constantFrom(...locales),
    brand: fc.option(gsm(20)),
    code: codes,
    minutes,
    purpose: purposes,
  };

  it('is one message for brands up to 20 characters, any purpose and any code', () => {
    fc.assert(
      fc.property(fc.record(base), (input) => {
        const result = renderText(input);
        expect(smsSize(result)).toMatchObject({ encoding: 'gsm7', segments: 1 });
        expect(result).toContain(input.code);
      }),
    );
  });

  it('is one message for payments with a payee up to 30 characters', () => {
    const payments = fc.record({
      amount: fc.stringMatching(/^\d{1,7}\.\d{2}$/),
      currency: fc.constant('EUR'),
      payee: gsm(30),
    });
    fc.assert(
      fc.property(fc.record({ ...base, transaction: payments }), (input) => {
        expect(smsSize(renderText(input)).segments).toBe(1);
      }),
    );
  });

  it('is at most 140 octets with an app hash and a domain up to 30 characters', () => {
    const domains = fc.stringMatching(/^[a-z]{1,18}\.[a-z]{2,11}$/);
    fc.assert(
      fc.property(
        fc.record({
          ...base,
          brand: fc.option(fc.stringMatching(/^[A-Za-z ]{1,20}$/)),
          webOtpDomain: domains,
        }),
        (input) => {
          expect(Buffer.byteLength(renderText({ ...input, appHash: 'FA+9qCX9VSu' }))).toBeLessThanOrEqual(
            140,
          );
          expect(smsSize(renderText(input)).segments).toBe(1);
        },
      ),
    );
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
