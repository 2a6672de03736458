import type { Actor } from '../../../access/principal';
import { adminEvent } from '../../../audit/admin-event';
import type { AuditEvent } from '../../../audit/audit-event';
import { STOP, type Block } from '../block';

/**
 * What the audit log has of a change. Vocabulary, ids and times: neither the words of whoever made the entry nor an
 * address.
 */
export function blockEvent(
  type: 'block_added' | 'block_removed',
  block: Block,
  actor: Actor,
  more: AuditEvent['data'] = {},
): AuditEvent {
  const { id, applicationId, list, kind, origin, author, shown, expiresAt } = block;
  const isOpen = kind === 'prefix' || kind === 'country';
  const data = {
    blockId: id,
    list,
    kind,
    ...(isOpen && { value: shown }),
    ...(origin === STOP && { because: STOP, author }),
    expiresAt: expiresAt?.toISOString() ?? null,
    ...more,
  };
  return { ...adminEvent(type, applicationId, data, actor), to: kind === 'number' ? shown : null };
}
