import type { Credential } from './credential';

/** Where keys in force are read from, in their owner's database. Both reads may reject, and give up by themselves. */
export interface CredentialSource {
  /** By the digests of what callers sent. @returns those that are in force, by digest */
  byDigests(digests: readonly string[]): Promise<Map<string, Credential>>;
  /** The same keys again. @returns those that are still in force, by digest */
  byKeyIds(ids: readonly string[]): Promise<Map<string, Credential>>;
}

/** Injection token of the same name as the port. */
export const CredentialSource = Symbol('CredentialSource');
