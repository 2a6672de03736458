/** The order in which a sink is told: that of the log, and within a verification that of its steps. */
import { type AuditEvent, verificationEventId } from '../audit-event';

/**
 * Events that happened before one of these and stand in the log behind all of them: two processes that relay one
 * verification may swap neighbours.
 */
export function predecessorsOf(events: readonly AuditEvent[]): string[] {
  const there = new Set(events.map(({ id }) => id));
  return events.flatMap(({ verificationId, seq }) => {
    if (verificationId === null || seq === null || seq <= 1) return [];
    const before = verificationEventId(verificationId, seq - 1);
    return there.has(before) ? [] : [before];
  });
}

/** The events of a verification by `seq`, on the places that they have in the log together; the others where they are. */
export function inOrder(events: readonly AuditEvent[]): AuditEvent[] {
  const steps = new Map<string, AuditEvent[]>();
  for (const event of events) {
    const { verificationId: id } = event;
    if (isStep(event) && id !== null) steps.set(id, [...(steps.get(id) ?? []), event]);
  }
  for (const list of steps.values()) list.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  return events.map(
    (event) => (isStep(event) ? steps.get(event.verificationId ?? '')?.shift() : event) ?? event,
  );
}

const isStep = ({ verificationId, seq }: AuditEvent): boolean => verificationId !== null && seq !== null;
