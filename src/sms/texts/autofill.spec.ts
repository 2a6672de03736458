import fc from 'fast-check';
import { autofillLines, isAppHash, isWebOtpDomain } from './autofill';

describe('the lines for autofill', () => {
  it('are the hash, then the domain with the code as the last line, one space between', () => {
    expect(autofillLines('493021', { appHash: 'FA+9qCX9VSu', webOtpDomain: 'acme.example' })).toBe(
      '\nFA+9qCX9VSu\n@acme.example #493021',
    );
    expect(autofillLines('493021', { webOtpDomain: 'acme.example' })).toBe('\n@acme.example #493021');
    expect(autofillLines('493021', { appHash: 'FA+9qCX9VSu' })).toBe('\nFA+9qCX9VSu');
    expect(autofillLines('493021', { appHash: null, webOtpDomain: null })).toBe('');
  });
});

describe('an app hash', () => {
  it('is 11 base64 characters', () => {
    expect(isAppHash('FA+9qCX9VSu')).toBe(true);
    expect(isAppHash('abc/EFG+123')).toBe(true);
    for (const wrong of [
      '',
      'FA+9qCX9VS',
      'FA+9qCX9VSuu',
      'FA-9qCX9VSu',
      'FA+9qCX9VS=',
      'FA+9qCX9VSu\n',
      'FA 9qCX9VSu',
    ]) {
      expect(isAppHash(wrong)).toBe(false);
    }
  });
});

describe('a WebOTP domain', () => {
  it.each(['acme.example', 'login.acme.co.uk', 'a-b.example', 'xn--bcher-kva.example', '1und1.example'])(
    'may be %s',
    (domain) => expect(isWebOtpDomain(domain)).toBe(true),
  );

  it.each([
    '',
    'localhost',
    'https://acme.example',
    'acme.example:443',
    'acme.example/login',
    'acme.example.',
    '.acme.example',
    'acme..example',
    '-acme.example',
    'acme-.example',
    'Acme.example',
    'ácme.example',
    'ac me.example',
    'acme.example\n',
    'acme.example #111111',
    'xn--0.example',
    '@acme.example',
    '192.0.2.1',
    '[2001:db8::1]',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(130)}example`,
  ])('may not be %j', (domain) => expect(isWebOtpDomain(domain)).toBe(false));
});

/**
 * How a browser reads an origin-bound one-time code (WICG sms-one-time-codes, "parse"): the last line alone, which
 * is `@`, a host, one blank, `#` and the code up to the next blank.
 */
function boundCode(text: string): { host: string; code: string } | null {
  const line = text.slice(text.lastIndexOf('\n') + 1);
  const [first = '', second = ''] = line.split(' ');
  if (!first.startsWith('@') || !second.startsWith('#')) return null;
  const host = first.slice(1);
  const code = second.slice(1);
  if (host === '' || code === '' || !URL.canParse(`https://${host}/`)) return null;
  return new URL(`https://${host}/`).host === host ? { host, code } : null;
}

describe('the lines for autofill as phones read them', () => {
  const text = fc.string({ unit: fc.constantFrom(...'aZ9 @#.\nц'), maxLength: 60 });
  const codes = fc.string({ unit: fc.constantFrom(...'0123456789ABCXYZ'), minLength: 4, maxLength: 10 });
  const domains = fc.domain().filter(isWebOtpDomain);
  const hashes = fc.stringMatching(/^[A-Za-z0-9+/]{11}$/);

  it('name the domain and the code to browsers, whatever stands before them', () => {
    fc.assert(
      fc.property(text, codes, domains, fc.option(hashes), (before, code, webOtpDomain, appHash) => {
        const message = before + autofillLines(code, { webOtpDomain, appHash });
        expect(boundCode(message)).toEqual({ host: webOtpDomain, code });
      }),
    );
  });

  it('hold the hash once, on a line of its own, for the SMS Retriever', () => {
    fc.assert(
      fc.property(codes, hashes, fc.option(domains), (code, appHash, webOtpDomain) => {
        const lines = `Text${autofillLines(code, { webOtpDomain, appHash })}`.split('\n');
        expect(lines.filter((line) => line === appHash)).toHaveLength(1);
      }),
    );
  });

  it('know nothing of embedded hosts, whose mark the specification and Apple write differently', () => {
    for (const host of ['acme.example @shop.example', 'acme.example %shop.example', 'acme.example#1']) {
      expect(isWebOtpDomain(host)).toBe(false);
    }
  });

  it('are for hosts that a browser spells the same way', () => {
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.string({ maxLength: 30 }), fc.webAuthority()), (host) => {
        fc.pre(isWebOtpDomain(host));
        expect(boundCode(`\n@${host} #1234`)).toEqual({ host, code: '1234' });
      }),
    );
  });
});
