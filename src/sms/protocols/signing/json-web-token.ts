/** JSON Web Tokens as vendors use them: we sign calls with an RSA key, they sign receipts with a shared secret. */
import { createPrivateKey, createSecretKey, randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { z } from 'zod';

/** RS256 asks for at least that many bits (RFC 7518 §3.3). */
const MIN_BITS = 2048;
const LIFE_SECONDS = 900;
/** A token is not used any more when it has less than this to live: clocks differ, and calls take time. */
const MARGIN_SECONDS = 120;

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

export interface BearerTokens {
  /** A token with at least two minutes to live. */
  get(): Promise<string>;
  /** The next one is signed anew: the last was not believed. */
  forget(): void;
}

/** RS256 tokens with these claims, `jti`, `iat` and `exp`; each serves for 13 minutes, as signing costs a millisecond. */
export function rsaTokens(claims: JWTPayload, privateKeyPem: string): BearerTokens {
  const key = createPrivateKey(privateKeyPem);
  let current: { readonly token: Promise<string>; readonly usedUntil: number } | null = null;
  const sign = () =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${LIFE_SECONDS}s`)
      .sign(key);
  const get = () => {
    const now = performance.now();
    if (!current || now >= current.usedUntil) {
      current = { token: sign(), usedUntil: now + (LIFE_SECONDS - MARGIN_SECONDS) * 1_000 };
    }
    return current.token;
  };
  return { get, forget: () => (current = null) };
}

/**
 * What a token says that was signed with HS256 and this secret, and no other algorithm; null when it was not, or
 * when its own `exp` or `nbf` is further from `now` (milliseconds) than `toleranceMs`. What it says of the request,
 * and how old it may be, is for the caller to compare.
 */
export async function sharedSecretClaims(
  token: string,
  secret: string,
  now: number,
  toleranceMs: number,
): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(token, createSecretKey(secret, 'utf8'), {
      algorithms: ['HS256'],
      currentDate: new Date(now),
      clockTolerance: toleranceMs / 1_000,
    });
    return payload;
  } catch {
    return null;
  }
}
