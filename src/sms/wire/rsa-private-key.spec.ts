import { generateKeyPairSync } from 'node:crypto';
import { rsaPrivateKey } from './rsa-private-key';

const pemOf = (bits: number) =>
  generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const pem = String(pemOf(2048));

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
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  it.each([
    ['nothing', ''],
    ['a path', '/run/secrets/private.key'],
    ['a key of another kind', String(ec.privateKey.export({ type: 'pkcs8', format: 'pem' }))],
    ['a public key', String(rsa.publicKey.export({ type: 'spki', format: 'pem' }))],
    ['half a key', pem.slice(0, pem.length / 2)],
    ['a short key', String(pemOf(1024))],
  ])('is refused when it is %s, with a remedy that does not quote it', (_name, text) => {
    const { error } = rsaPrivateKey.safeParse(text);
    expect(error?.issues[0]?.message).toContain('must be an RSA private key');
    expect(JSON.stringify(error?.issues)).not.toContain('run/secrets');
    expect(error?.issues[0]?.message).not.toContain(pem.slice(40, 80));
  });
});
