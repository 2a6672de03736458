import { DomainError } from '../common/errors';
import type { CredentialRefusal } from './credentials/credential';

/** Every reason for which the door stays shut: `reason` of the answer, `rule` of the audit event. */
export type AccessRefusal =
  | CredentialRefusal
  | 'key_missing'
  | 'key_unknown'
  | 'no_access_rule'
  | 'api_key_required'
  | 'admin_key_required';

interface RefusalKind {
  readonly code: 'unauthorized' | 'forbidden';
  readonly detail: string;
}

const kinds: Readonly<Record<AccessRefusal, RefusalKind>> = {
  key_missing: { code: 'unauthorized', detail: 'Send an API key as Authorization: Bearer <key>.' },
  key_unknown: { code: 'unauthorized', detail: 'This key does not exist or was revoked.' },
  key_expired: { code: 'unauthorized', detail: 'This key has expired.' },
  ip_not_allowed: { code: 'forbidden', detail: 'This key may not be used from this address.' },
  application_disabled: { code: 'forbidden', detail: 'This application is disabled.' },
  scope_missing: { code: 'forbidden', detail: 'This key does not have the scope that this call needs.' },
  api_key_required: {
    code: 'forbidden',
    detail: 'The admin key only opens the admin API. Use an API key of the application.',
  },
  admin_key_required: { code: 'forbidden', detail: 'Only the admin key opens the admin API.' },
  no_access_rule: { code: 'forbidden', detail: 'Nobody may call this address.' },
};

export function toRefusalError(refusal: AccessRefusal): DomainError {
  const { code, detail } = kinds[refusal];
  return new DomainError(code, { detail, reason: refusal });
}
