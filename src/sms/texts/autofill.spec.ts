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
    '@acme.example',
    '192.0.2.1',
    '[2001:db8::1]',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(130)}example`,
  ])('may not be %j', (domain) => expect(isWebOtpDomain(domain)).toBe(false));
});
