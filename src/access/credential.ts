import { ipMatcher } from '../applications/api-keys/allowed-ips';
import type { ApiKey } from '../applications/api-keys/api-key';
import type { Application, Principal } from '../applications/application';
import type { Scope } from './principal';

/** An API key together with the application it belongs to, ready to be judged call by call. */
export interface Credential {
  readonly key: ApiKey;
  readonly principal: Principal;
  /** Whether the key may be used from this address. */
  allowsIp(ip: string): boolean;
}

/** Why a call with a known key is refused; the `reason` of the answer and the `rule` of the audit event. */
export type CredentialRefusal = 'key_expired' | 'ip_not_allowed' | 'application_disabled' | 'scope_missing';

export function credentialOf(key: ApiKey, application: Application): Credential {
  const principal: Principal = { application, keyId: key.id, scopes: key.scopes };
  return { key, principal, allowsIp: ipMatcher(key.allowedIps) };
}

/** The same key after a change of its application. */
export function withApplication(credential: Credential, application: Application): Credential {
  return { ...credential, principal: { ...credential.principal, application } };
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
  if (principal.application.settings.disabled === true) return 'application_disabled';
  if (call.scope !== null && !principal.scopes.includes(call.scope)) return 'scope_missing';
  return null;
}
