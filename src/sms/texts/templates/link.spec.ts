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
  ])('is in %j', (text) => expect(holdsLink(text)).toBe(true));

  it.each([
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
