import { localeCookie, readLocaleChoice, readVisit, visitCookie } from './cookies';
import { isOwnOrigin, pageBase } from './page-address';
import { pagePolicy } from './page-policy';

const plain = { nonce: 'n', formTargets: [], checks: [], frameOrigins: [] };
const production = { isSecure: true, isFramed: false };

describe('the policy of a page', () => {
  it('lets nothing in but what is its own', () => {
    expect(pagePolicy(plain)).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-n'; img-src 'self' data:; connect-src 'self'; " +
        "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    expect(pagePolicy(plain)).not.toContain('unsafe');
  });

  // Catches: a vendor that is let in for everybody because one application uses it.
  it('lets in the vendor of a check where the application uses it', () => {
    expect(pagePolicy({ ...plain, checks: ['turnstile', 'proof-of-work'] })).toContain(
      "script-src 'self' https://challenges.cloudflare.com;",
    );
    expect(pagePolicy({ ...plain, checks: ['hcaptcha'] })).toContain('frame-src https://*.hcaptcha.com');
    expect(pagePolicy({ ...plain, checks: ['proof-of-work'] })).toBe(pagePolicy(plain));
  });

  it('names who may frame it, and where its forms may lead', () => {
    const policy = pagePolicy({
      ...plain,
      formTargets: ['https://shop.example'],
      frameOrigins: ['https://a.example', 'https://b.example'],
    });
    expect(policy).toContain("form-action 'self' https://shop.example;");
    expect(policy).toMatch(/frame-ancestors https:\/\/a\.example https:\/\/b\.example$/);
  });
});

describe('the cookie of a visit', () => {
  it('is of this host alone, and no script reads it', () => {
    expect(visitCookie('ABCDEFGHIJKLMN', 'value', production)).toBe(
      '__Host-sdv-ABCDEFGHIJ=value; Max-Age=7200; Path=/; HttpOnly; Secure; SameSite=Lax',
    );
  });

  it('does without the prefix where there is no https', () => {
    expect(visitCookie('ABCDEFGHIJKLMN', 'value', { isSecure: false, isFramed: true })).toBe(
      'sdv-ABCDEFGHIJ=value; Max-Age=7200; Path=/; HttpOnly; SameSite=Lax',
    );
  });

  it('is one for each site that may frame the page', () => {
    expect(visitCookie('ABCDEFGHIJKLMN', 'value', { isSecure: true, isFramed: true })).toMatch(
      /Secure; Partitioned; SameSite=None$/,
    );
  });

  it('is read under its own name, whatever else there is', () => {
    const header = 'sdv-ABCDEFGHIJ=planted; __Host-sdv-ABCDEFGHIJ=own; sdv-locale=es';
    expect(readVisit(header, 'ABCDEFGHIJKLMN', production)).toBe('own');
    expect(readVisit(header, 'BBBBBBBBBBBBBB', production)).toBeUndefined();
    expect([readLocaleChoice(header), readLocaleChoice(undefined)]).toEqual(['es', undefined]);
    expect(localeCookie('es', production)).toContain('sdv-locale=es; ');
  });
});

describe('the origin of an unsafe call', () => {
  const own = ['https://verify.example', 'https://id.shop.example:8443'];

  it.each([
    ['https://verify.example', true],
    ['https://id.shop.example:8443', true],
    ['https://id.shop.example', false],
    ['http://verify.example', false],
    ['https://verify.example.evil.example', false],
    ['https://evil.example', false],
    ['null', false],
    ['', false],
    [undefined, false],
  ])('%s', (origin, isOwn) => {
    expect(isOwnOrigin(origin, own)).toBe(isOwn);
  });

  it('is where pages live: at the application’s own host, or at the server’s', () => {
    expect(pageBase('https://verify.example/', undefined)).toBe('https://verify.example');
    expect(pageBase('https://verify.example', 'https://id.shop.example')).toBe('https://id.shop.example');
  });
});
