import type { AuditEvent, AuditEventType } from './audit-event';
import { newId } from '../common/ids';

type AdminEventType = Extract<
  AuditEventType,
  'key_created' | 'key_revoked' | 'settings_changed' | 'test_sent' | 'block_added' | 'block_removed'
>;

/**
 * The audit event for what the operator or an application did outside any verification. `data` holds vocabulary and
 * ids only.
 * @param applicationId null for what concerns the whole server
 */
export function adminEvent(
  type: AdminEventType,
  applicationId: string | null,
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
