import { hash, timingSafeEqual } from 'node:crypto';

/**
 * SHA-256 of the whole key as base64url. No salt and no slow hash: 256 random bits cannot be guessed, and the
 * digest is on the path of every call.
 */
export function digestOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** Whether two digests are the same; takes as long when they are not. */
export function isSameDigest(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one, 'base64url'), Buffer.from(other, 'base64url')];
  return a.length === b.length && timingSafeEqual(a, b);
}
