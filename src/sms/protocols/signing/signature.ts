/** What the gateways' ways to sign their receipts have in common. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Compares secrets without telling by its duration where they differ; different lengths are different. */
export function sameSecret(given: string | undefined, expected: string): boolean {
  if (given === undefined) return false;
  // Hashed, so that neither length nor encoding of what was given matters to the comparison.
  const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

type HmacAlgorithm = 'sha1' | 'sha256' | 'sha512' | 'md5';

/** HMAC over the parts, one after the other, as base64 or hexadecimal. */
export function hmac(
  algorithm: HmacAlgorithm,
  key: string,
  parts: readonly (string | Uint8Array)[],
  encoding: 'base64' | 'hex' = 'base64',
): string {
  const signing = createHmac(algorithm, key);
  for (const part of parts) signing.update(part);
  return signing.digest(encoding);
}

/** `at` (milliseconds) is close enough to `now`; NaN is not. */
export function isRecent(at: number, now: number, windowMs: number): boolean {
  return Math.abs(now - at) <= windowMs;
}
