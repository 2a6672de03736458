import type { AuditEvent, AuditEventType } from '../audit/audit-event';
import { newId } from '../common/ids';

/** The audit event for a change made by the operator. `data` holds vocabulary and ids only. */
export function adminEvent(
  type: Extract<AuditEventType, 'key_created' | 'key_revoked' | 'settings_changed'>,
  applicationId: string,
  data: AuditEvent['data'],
  actor: AuditEvent['actor'] = 'admin',
): AuditEvent {
  return {
    id: newId(),
    type,
    applicationId,
    verificationId: null,
    seq: null,
    at: new Date(),
    actor,
    purpose: null,
    to: null,
    data,
  };
}
