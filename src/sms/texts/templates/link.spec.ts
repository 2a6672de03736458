import { holdsLink } from './link';

describe('a link', () => {
  it.each([
    'https://acme.example',
    'HTTP://ACME.EXAMPLE/x',
    'acme://open',
    'www.acme',
    'acme.example',
    'see login.acme.co.uk/now',
    'код: пример.рф',
    'tel:+12015550123',
    '192.0.2.1',
    'share it.Valid',
    '1http://acme',
  ])('is in %j', (text) => expect(holdsLink(text)).toBe(true));

  // Catches: a host name in signs that a browser reads and a pattern for ASCII does not.
  it.each([
    'acme\u3002example',
    'acme\uff61example',
    'acme\uff0eexample',
    'acme\u2024example',
    '\uff41\uff43\uff4d\uff45\uff0e\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45',
    'acme\u00ad.example',
    'acme.\u200dexample',
    'acme.ex\u0301ample',
    '\u0909\u0926\u093e\u0939\u0930\u0923.\u092d\u093e\u0930\u0924',
    'xn--acme-abc.example',
    'acme.xn--p1ai',
  ])('is in %j all the same', (text) => expect(holdsLink(text)).toBe(true));

  it.each([
    '\u30b3\u30fc\u30c9\u3067\u3059\u3002\u6709\u52b9',
    '493021\u3002\u6709\u52b9',
    '493021\u3002Acme',
    '493021 is your code. NEVER share it.',
    'e.g. this, z.B. das, i.e. that',
    '10 min. 1249.90 EUR',
    'help@acme.example',
    'Version 1.2.3',
    'Nein... ja',
    'Acme: 493021',
    '3. Step',
  ])('is not in %j', (text) => expect(holdsLink(text)).toBe(false));
});
