import { timingSafeEqual } from 'node:crypto';
import { digestOf } from '../api-keys/api-key';

/** The key of the operator, as a digest: it opens the admin API and nothing else. */
export class AdminKey {
  private readonly digest: Buffer | null;

  /** @param secret null: there is no admin key, and no caller is the operator */
  constructor(secret: string | null) {
    this.digest = secret === null ? null : Buffer.from(digestOf(secret), 'base64url');
  }

  /** @param digest of the key that a caller sent; both sides are digests, and equal takes as long as different */
  matches(digest: string): boolean {
    if (this.digest === null) return false;
    const other = Buffer.from(digest, 'base64url');
    return other.length === this.digest.length && timingSafeEqual(other, this.digest);
  }
}
