import fc from 'fast-check';
import {
  addressProblem,
  allowedAddress,
  isLoopback,
  listedAddressProblem,
  originProblem,
} from './web-address';

const listed = 'https://shop.example/account/verified';

describe('an address of the list', () => {
  it.each([
    listed,
    'https://shop.example/',
    'https://shop.example:8443/a',
    'https://xn--bcher-kva.example/fertig',
    'https://192.0.2.1/a',
    'https://[2001:db8::1]/a',
    'https://shop.example/a%20b;v=1/~user/(x)',
    'http://localhost:5173/done',
    'http://app.localhost/done',
    'http://127.0.0.1:3000/done',
    'http://[::1]:3000/done',
  ])('may be %s', (address) => expect(listedAddressProblem(address)).toBeNull());

  it.each([
    ['plain http', 'http://shop.example/a', /^Use https/],
    ['http of another machine that sounds like this one', 'http://localhost.evil.example/a', /^Use https/],
    ['a script', 'javascript:alert(1)//https://shop.example/', /^Use https/],
    ['data', 'data:text/html,x', /^Use https/],
    ['an app', 'shop://done/', /^Use https/],
    ['no scheme', '//shop.example/a', /^Use https/],
    ['one slash', 'https:/shop.example/a', /^Use https/],
    ['a line end', 'https://shop.example/a\r\nX: y', /^Use the characters/],
    ['a tab', 'https://shop.exa\tmple/a', /^Use the characters/],
    ['a space', 'https://shop.example/a b', /^Use the characters/],
    ['letters of another script', 'https://bücher.example/a', /^Use the characters/],
    ['a full-width dot', 'https://shop。example/a', /^Use the characters/],
    ['quotes', 'https://shop.example/"><script>', /^Use the characters/],
    ['capitals in the host', 'https://Shop.example/a', /xn--/],
    ['capitals in the scheme', 'HTTPS://shop.example/a', /xn--/],
    ['the usual port', 'https://shop.example:443/a', /no default port/],
    ['a port that is none', 'https://shop.example:65536/a', /xn--/],
    ['a port of zero', 'https://shop.example:0/a', /xn--/],
    ['a dot behind the host', 'https://shop.example./a', /xn--/],
    ['no host', 'https:///a', /xn--/],
    ['a wildcard', 'https://*.shop.example/a', /xn--/],
    ['a number as host', 'https://2130706433/a', /xn--/],
    ['a host in hexadecimal', 'https://0x7f.0.0.1/a', /xn--/],
    ['punycode that is none', 'https://xn--a-.example/a', /xn--/],
    ['an encoded host', 'https://shop%2eexample/a', /xn--/],
    ['a user name', 'https://shop.example@evil.example/a', /^Leave out the user name/],
    ['an empty user name', 'https://@shop.example/a', /^Leave out the user name/],
    ['a backslash', 'https://shop.example\\@evil.example/a', /^Use no backslash/],
    ['a fragment', 'https://shop.example/a#b', /^Leave out the fragment/],
    ['dots', 'https://shop.example/a/../b', /xn--/],
    ['one dot', 'https://shop.example/./b', /xn--/],
    ['two slashes', 'https://shop.example//evil.example', /one slash/],
    ['encoded dots', 'https://shop.example/a/%2e%2E/b', /^Use no encoded/],
    ['an encoded slash', 'https://shop.example/a%2fb', /^Use no encoded/],
    ['an encoded backslash', 'https://shop.example/a%5Cb', /^Use no encoded/],
    ['an encoded line end', 'https://shop.example/a%0d%0ab', /^Use no encoded/],
    ['a query', 'https://shop.example/a?b=1', /^Leave out the query/],
    ['no path', 'https://shop.example', /^Write the path/],
    ['too much', `https://shop.example/${'a'.repeat(2_000)}`, /^Too long/],
  ])('may not have %s', (_what, address, remedy) => {
    expect(listedAddressProblem(address)).toMatch(remedy);
  });
});

describe('an origin', () => {
  it.each(['https://shop.example', 'https://shop.example:8443', 'http://localhost:5173'])(
    'may be %s',
    (origin) => expect(originProblem(origin)).toBeNull(),
  );

  // Catches: a list of origins through which somebody writes into the header that holds it.
  it.each([
    'https://shop.example/',
    'https://shop.example/a',
    'https://shop.example?a',
    'https://shop.example; script-src *',
    "https://shop.example 'unsafe-inline'",
    'https://shop.example,https://evil.example',
    'https://*.shop.example',
    'http://shop.example',
    'null',
    '*',
    '',
  ])('may not be %j', (origin) => expect(originProblem(origin)).not.toBeNull());
});

describe('where a call sends people', () => {
  const allowed = (written: string, list: readonly string[] = [listed]) => allowedAddress(list, written);

  it('is an address of the list, with a query of its own', () => {
    expect(allowed(listed)?.href).toBe(listed);
    expect(allowed(`${listed}?cart=17&next=%2Fpay`)?.href).toBe(`${listed}?cart=17&next=%2Fpay`);
  });

  it('is nowhere for an application that lists nothing', () => {
    expect([allowedAddress(undefined, listed), allowedAddress([], listed)]).toEqual([null, null]);
  });

  // Catches: comparing by prefix, by host alone, or after unpacking what was written.
  it.each([
    'https://shop.example.evil.example/account/verified',
    'https://evil.example/https://shop.example/account/verified',
    'https://evil-shop.example/account/verified',
    'https://shop.example@evil.example/account/verified',
    'https://shop.example:pw@evil.example/account/verified',
    'https://evil.example\\@shop.example/account/verified',
    'https://evil.example\\.shop.example/account/verified',
    'https://evil.example#@shop.example/account/verified',
    'https://evil.example?@shop.example/account/verified',
    'https://shop.example:444/account/verified',
    'https://shop.example:443/account/verified',
    'http://shop.example/account/verified',
    '//shop.example/account/verified',
    '///evil.example/account/verified',
    '/\\evil.example',
    '\\\\evil.example/account/verified',
    'https:shop.example/account/verified',
    'https://shop.example/account/verified/',
    'https://shop.example/account/verified/more',
    'https://shop.example/account/Verified',
    'https://shop.example/account/verified/..',
    'https://shop.example/account/x/../verified',
    'https://shop.example/account/x/%2e%2e/verified',
    'https://shop.example/account/.%2E/account/verified',
    'https://shop.example/account%2fverified',
    'https://shop.example/account/verifie%64',
    'https://shop.example//account/verified',
    'https://shop.example/account/verified#token',
    'https://shop.example/account/verified\n',
    ' https://shop.example/account/verified',
    'https://shop.example/account/verified\u0000',
    'https://shop.exa\u00admple/account/verified',
    'https://ѕhop.example/account/verified',
    'https://shop.example\u2024/account/verified',
    'https://SHOP.example/account/verified',
    'https://shop.example./account/verified',
    'https://xn--hop-skc.example/account/verified',
    'javascript:location="https://shop.example/account/verified"',
    'data:text/html,https://shop.example/account/verified',
    'blob:https://shop.example/account/verified',
    'view-source:https://shop.example/account/verified',
    '',
  ])('is not %j', (written) => expect(allowed(written)).toBeNull());

  it('is only ever a page of the list, whatever is written', () => {
    const pieces = [
      'https://',
      'shop.example',
      'evil.example',
      '/account/verified',
      '@',
      '\\',
      '/',
      ':',
      '#',
    ];
    const more = ['?', '..', '%2e', '%2f', '.', '443', '\t', '\n', 'ſ', '。', 'http://', '//', 'xn--', 'a'];
    const written = fc
      .array(fc.constantFrom(...pieces, ...more), { maxLength: 8 })
      .map((parts) => parts.join(''));
    const pages = fc.oneof(
      written,
      written.map((text) => `${listed}${text}`),
      fc.webUrl({ withFragments: true }),
    );
    fc.assert(
      fc.property(pages, (text) => {
        const address = allowed(text);
        if (address === null) return;
        expect(address.origin + address.pathname).toBe(listed);
        expect([address.username, address.password, address.hash]).toEqual(['', '', '']);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is what was accepted, and nothing that a browser would read in another way', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string().map((text) => `https://${text}`),
        ),
        (text) => {
          if (addressProblem(text) !== null) return;
          expect([text, `${text}/`]).toContain(new URL(text).href);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('this machine', () => {
  it.each(['http://localhost/', 'http://a.localhost:1/', 'http://127.9.9.9/', 'http://[::1]:80/'])(
    'is %s',
    (address) => expect(isLoopback(address)).toBe(true),
  );
  it.each(['https://localhost.example/', 'https://127.0.0.1.example/', 'https://192.0.2.1/', 'nonsense'])(
    'is not %s',
    (address) => expect(isLoopback(address)).toBe(false),
  );
});
