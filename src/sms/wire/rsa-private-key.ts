import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';

/** RS256 asks for at least that many bits (RFC 7518 §3.3). */
const MIN_BITS = 2048;

/**
 * An RSA private key as PEM, as it stands in an environment variable: line breaks may be written as `\n`. The
 * problem it reports never quotes what was given.
 */
export const rsaPrivateKey = z.string().transform((text, context): string => {
  const pem = `${text.replaceAll('\\n', '\n').replaceAll('\r', '').trim()}\n`;
  if (isRsaPrivateKey(pem)) return pem;
  context.addIssue(
    'must be an RSA private key of at least 2048 bits as PEM, from -----BEGIN PRIVATE KEY----- to ' +
      '-----END PRIVATE KEY-----, its line breaks written as \\n',
  );
  return z.NEVER;
});

function isRsaPrivateKey(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_BITS;
  } catch {
    return false;
  }
}
