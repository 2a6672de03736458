import { ipMatcher } from './allowed-ips';
import type { Principal, Scope } from '../principal';

/** What an API key says of who may use it, and for what. */
export interface KeyGrant {
  readonly id: string;
  readonly applicationId: string;
  readonly scopes: readonly Scope[];
  /** See `digestOf`. */
  readonly digest: string;
  /** The first moment at which the key no longer works; null: it does not end by itself. */
  readonly expiresAt: Date | null;
  /** Canonical addresses and CIDR ranges; empty: everywhere. */
  readonly allowedIps: readonly string[];
}

/** An API key in force, ready to be judged call by call. */
export interface Credential {
  readonly key: KeyGrant;
  readonly principal: Principal;
  /** Whether the key may be used from this address. */
  allowsIp(ip: string): boolean;
  /** As far as this instance knows now: a change that it made itself shows at once. */
  isApplicationDisabled(): boolean;
}

/** Why a call with a known key is refused; the `reason` of the answer and the `rule` of the audit event. */
export type CredentialRefusal = 'key_expired' | 'ip_not_allowed' | 'application_disabled' | 'scope_missing';

export function credentialOf(key: KeyGrant, isApplicationDisabled: () => boolean): Credential {
  const { id, applicationId, scopes } = key;
  const principal: Principal = { applicationId, keyId: id, scopes, actor: `key:${id}` };
  return { key, principal, allowsIp: ipMatcher(key.allowedIps), isApplicationDisabled };
}

/**
 * What keeps this key from being used, or null. The order is that of the answer: a key that has expired is no
 * key; a holder at the wrong place learns nothing about the application.
 * @param now milliseconds since the epoch
 */
export function refusalOf(
  credential: Credential,
  call: { readonly ip: string; readonly now: number; readonly scope: Scope | null },
): CredentialRefusal | null {
  const { key, principal } = credential;
  if (key.expiresAt !== null && call.now >= key.expiresAt.getTime()) return 'key_expired';
  if (!credential.allowsIp(call.ip)) return 'ip_not_allowed';
  if (credential.isApplicationDisabled()) return 'application_disabled';
  if (call.scope !== null && !principal.scopes.includes(call.scope)) return 'scope_missing';
  return null;
}
