import type { AuditEvent } from '../../audit/audit-event';
import type { Cap } from './caps';

/** A cap has reached a level: once per cap, limit, period and level, whoever notices, because the id says all of that. */
export function warningOf(cap: Cap, percent: number, at: Date): AuditEvent {
  return {
    id: `budget:${cap.id}:${cap.limitMicros}:${percent}`,
    type: 'budget_warning',
    applicationId: cap.applicationId,
    verificationId: null,
    seq: null,
    at,
    actor: 'job:budget',
    purpose: null,
    to: null,
    data: {
      rule: cap.rule,
      percent,
      limitMicros: cap.limitMicros,
      currency: cap.currency,
      until: cap.endsAt.toISOString(),
    },
  };
}
