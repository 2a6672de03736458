import { randomBytes } from 'node:crypto';
import type { KeyGrant } from '../../access/credentials/credential';

/** An API key as it is kept: its secret is gone, only a digest stays. */
export interface ApiKey extends KeyGrant {
  readonly name: string;
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
