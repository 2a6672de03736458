import { digestOf, isSameDigest } from './key-digest';

/** The key of the operator, as a digest: it opens the admin API and nothing else. */
export class AdminKey {
  private readonly digest: string | null;

  /** @param secret null: there is no admin key, and no caller is the operator */
  constructor(secret: string | null) {
    this.digest = secret === null ? null : digestOf(secret);
  }

  /** @param digest of the key that a caller sent */
  matches(digest: string): boolean {
    return this.digest !== null && isSameDigest(this.digest, digest);
  }
}
