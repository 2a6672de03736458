import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Scope } from '../../access/principal';

/** An API key as it is kept: its secret is gone, only a digest stays. */
export interface ApiKey {
  readonly id: string;
  readonly applicationId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** See {@link digestOf}. */
  readonly digest: string;
  /** The first moment at which the key no longer works; null: it does not end by itself. */
  readonly expiresAt: Date | null;
  /** Canonical addresses and CIDR ranges; empty: everywhere. */
  readonly allowedIps: readonly string[];
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** Tells people and secret scanners what the string is. */
const PREFIX = 'sdk_';
const SECRET_BYTES = 32;

/** A new key in clear: 256 random bits as base64url behind a prefix. Shown once, never stored. */
export function newSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
}

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
