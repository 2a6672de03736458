import { verificationEventId, type AuditEvent } from '../../audit/audit-event';
import { snapshotOf, type VerificationSnapshot } from './read-model/snapshot';
import type { SettleConstants } from '../slots/pipelines/settle.pipeline';
import type { SlotWork, UndrainedSlot } from '../slots/slot-jobs.repository';
import type { PendingEvent, Tombstone, VerificationRecord } from '../slots/slot';

/**
 * Tombstones that a slot keeps. One verification a second could be started on one number (sends 100 in 60 s),
 * 86,400 in the 24 hours a tombstone lives: the document must stay small, because every operation rewrites
 * it. Beyond this the oldest are dropped; their ids then answer as the read model knows them.
 */
export const MAX_TOMBSTONES = 200;

/** Everything a batch of slots has to say, and what each may forget once it is written down. */
export interface RelayPlan {
  readonly events: readonly AuditEvent[];
  /** Verifications that the read model has probably never seen, and those it has. */
  readonly started: readonly VerificationSnapshot[];
  readonly changed: readonly VerificationSnapshot[];
  /** Verifications that lose their place in the slot early, and with it the one thing that times their erasure. */
  readonly erased: readonly string[];
  readonly settlements: readonly SlotWork<SettleConstants>[];
}

export function planDrain(slots: readonly UndrainedSlot[]): RelayPlan {
  const settlements = slots.map((slot) => ({ slotId: slot._id, constants: settlementOf(slot) }));
  return {
    events: slots.flatMap((slot) => slot.pendingAudit.map((event) => toAuditEvent(slot, event))),
    started: slots.flatMap((slot) => snapshotsOf(slot, (firstSeq) => firstSeq === 1)),
    changed: slots.flatMap((slot) => snapshotsOf(slot, (firstSeq) => firstSeq > 1)),
    erased: settlements.flatMap(({ constants }) => constants.dropped),
    settlements,
  };
}

function settlementOf({ pendingAudit, past, current }: UndrainedSlot): SettleConstants {
  return {
    events: pendingAudit.map(({ verificationId, seq }) => ({ verificationId, seq })),
    copied: [...past.filter(isWhole), current].map(({ id, seq, rev = 0 }) => ({ id, seq, rev })),
    dropped: past
      .slice(0, Math.max(0, past.length - MAX_TOMBSTONES))
      .filter((entry) => !isWhole(entry))
      .map((entry) => entry.id),
  };
}

/**
 * Only verifications with news: every change leaves an event or a mark, and it stays in the slot until its snapshot
 * is written. A record without is in the read model already, at this version; one whose first event is not its very
 * first, or that has none, has been there before.
 */
function snapshotsOf(slot: UndrainedSlot, wanted: (firstSeq: number) => boolean): VerificationSnapshot[] {
  return [...slot.past.filter(isWhole), slot.current]
    .filter((record) => {
      const first = slot.pendingAudit.find((event) => event.verificationId === record.id);
      return first ? wanted(first.seq) : record.uncopied === true && wanted(record.seq + 1);
    })
    .map((record) => snapshotOf(slot, record));
}

function toAuditEvent(slot: UndrainedSlot, event: PendingEvent): AuditEvent {
  return {
    id: verificationEventId(event.verificationId, event.seq),
    type: event.type,
    applicationId: slot.applicationId,
    verificationId: event.verificationId,
    seq: event.seq,
    at: event.at,
    actor: event.actor,
    purpose: slot.purpose,
    to: event.to,
    data: event.data,
  };
}

function isWhole(entry: VerificationRecord | Tombstone): entry is VerificationRecord {
  return !('tombstone' in entry);
}
