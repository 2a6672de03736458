/** What the audit log keeps of a hosted verification: its id and vocabulary, and of the number what stays readable. */
import { refusalEventId, type AuditEvent, type AuditEventType } from '../../audit/audit-event';
import { newId } from '../../common/ids';
import { parsePhoneNumber } from '../../phone/parse-phone-number';
import { maskNumber } from '../../phone/phone-number';
import type { Process } from './process';

type HostedEventType = Extract<AuditEventType, `hosted_${string}`>;

/** `person`: whoever holds the link or the session, whom nobody else knows. */
export function hostedEvent(
  type: HostedEventType,
  process: Process,
  by: 'person' | `key:${string}`,
): AuditEvent {
  const verificationId = process.code?.verificationId ?? null;
  return {
    // Listed with those of its verification.
    id: refusalEventId(verificationId, newId()),
    type,
    applicationId: process.applicationId,
    verificationId,
    seq: null,
    at: new Date(),
    actor: by === 'person' ? 'anonymous' : by,
    purpose: process.purpose,
    to: maskedNumber(process.personal.to),
    data: { hostedId: process.id, surface: process.surface },
  };
}

function maskedNumber(e164: string | null): string | null {
  const parsed = e164 === null ? null : parsePhoneNumber(e164);
  return parsed?.ok ? maskNumber(parsed.number) : null;
}
