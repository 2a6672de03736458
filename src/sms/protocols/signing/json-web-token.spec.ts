import { createHmac, generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { rsaPrivateKey, rsaTokens, sharedSecretClaims } from './json-web-token';

const pemOf = (bits: number) =>
  String(
    generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = String(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }));

describe('an RSA private key in a setting', () => {
  it.each([
    ['as it is', pem],
    ['with \\n for its line breaks', pem.replaceAll('\n', '\\n')],
    ['with the line breaks of another system', pem.replaceAll('\n', '\r\n')],
    ['with white space around it', `\n ${pem} \n`],
  ])('is taken %s', (_name, text) => {
    expect(rsaPrivateKey.parse(text)).toBe(pem);
  });

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  it.each([
    ['nothing', ''],
    ['a path', '/run/secrets/private.key'],
    ['a key of another kind', String(ec.privateKey.export({ type: 'pkcs8', format: 'pem' }))],
    ['a public key', String(rsa.publicKey.export({ type: 'spki', format: 'pem' }))],
    ['half a key', pem.slice(0, pem.length / 2)],
    ['a short key', pemOf(1024)],
  ])('is refused when it is %s, with a remedy that does not quote it', (_name, text) => {
    const { error } = rsaPrivateKey.safeParse(text);
    const [issue] = error?.issues ?? [];
    expect(issue?.message).toContain('must be an RSA private key');
    expect(JSON.stringify(issue)).not.toMatch(/run\/secrets|MII/);
  });
});

describe('tokens for calls', () => {
  const verified = (token: string) => jwtVerify(token, rsa.publicKey, { algorithms: ['RS256'] });

  it('carry the claims, an id, and live for a quarter of an hour', async () => {
    const token = await rsaTokens({ application_id: 'app' }, pem).get();
    const { payload } = await verified(token);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(payload).toMatchObject({ application_id: 'app', jti: expect.any(String) });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);
  });

  it('are signed once for many calls, anew before they end, and anew when forgotten', async () => {
    jest.useFakeTimers({ now: Date.UTC(2026, 5, 1), doNotFake: ['nextTick', 'setImmediate'] });
    try {
      const tokens = rsaTokens({}, pem);
      const first = await tokens.get();
      jest.advanceTimersByTime(779_000);
      expect(await tokens.get()).toBe(first);
      jest.advanceTimersByTime(1_000);
      const second = await tokens.get();
      expect(second).not.toBe(first);
      tokens.forget();
      expect(await tokens.get()).not.toBe(second);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('tokens with a shared secret', () => {
  const NOW = Date.UTC(2026, 5, 1, 12);
  const seconds = NOW / 1_000;
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  /** Written by hand, so that the library is not its own witness. */
  const signed = (claims: object, { secret = 'shared', alg = 'HS256', hash = 'sha256' } = {}) => {
    const content = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
    return `${content}.${createHmac(hash, secret).update(content).digest('base64url')}`;
  };
  const read = (token: string) => sharedSecretClaims(token, 'shared', NOW, 60_000);

  it('are read', async () => {
    expect(await read(signed({ iat: seconds, a: 1 }))).toEqual({ iat: seconds, a: 1 });
  });

  // Catches: a list of algorithms that the token itself may choose from.
  it.each([
    ['signed with another secret', signed({}, { secret: 'other' })],
    ['signed by another algorithm', signed({}, { alg: 'HS512', hash: 'sha512' })],
    ['not signed at all', `${part({ alg: 'none' })}.${part({})}.`],
    ['over', signed({ exp: seconds - 61 })],
    ['not yet valid', signed({ nbf: seconds + 61 })],
    ['not a token', 'x.y'],
    ['empty', ''],
  ])('say nothing when they are %s', async (_name, token) => {
    expect(await read(token)).toBeNull();
  });
});
