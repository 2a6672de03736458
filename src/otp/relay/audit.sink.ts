import type { AuditEvent } from '../../audit/audit-event';
import type { RelaySink } from './relay-sink';

/** The audit log, which skips events that it has. */
export function auditSink(log: { append(events: readonly AuditEvent[]): Promise<void> }): RelaySink {
  return { name: 'audit', take: ({ events }) => log.append(events) };
}
