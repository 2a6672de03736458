/** What a batch of slots has to say, and what each may forget once it is written down. */
import { verificationEventId, type AuditEvent } from '../../audit/audit-event';
import { snapshotOf, type VerificationSnapshot } from './read-model/snapshot';
import type { RelayBatch } from './relay-sink';
import { surplusTombstones, type Acknowledgement } from '../slots/rules/upkeep/acknowledge';
import { isTombstone, type Slot, type SlotEvent, type VerificationRecord } from '../slots/slot';

export interface RelayPlan {
  readonly batch: RelayBatch;
  readonly acknowledgements: readonly { readonly slotId: string; readonly command: Acknowledgement }[];
}

export function planRelay(slots: readonly Slot[]): RelayPlan {
  const acknowledgements = slots.map((slot) => ({ slotId: slot._id, command: acknowledgementOf(slot) }));
  return {
    batch: {
      events: slots.flatMap((slot) => slot.outbox.map((event) => toAuditEvent(slot, event))),
      snapshots: slots.flatMap(snapshotsOf),
      started: new Set(slots.flatMap(startedIn)),
      dropped: acknowledgements.flatMap(({ command }) => command.dropped),
    },
    acknowledgements,
  };
}

/** Something of it is not stored elsewhere. */
export function hasNews(slot: Slot): boolean {
  return slot.outbox.length > 0 || wholeRecords(slot).some((record) => record.uncopiedAt !== undefined);
}

/** Records without news are in the read model already, at this version. */
function acknowledgementOf(slot: Slot): Acknowledgement {
  return {
    events: slot.outbox.map(({ verificationId, seq }) => ({ verificationId, seq })),
    copied: wholeRecords(slot).map(({ id, seq, rev = 0 }) => ({ id, seq, rev })),
    dropped: surplusTombstones(slot.past),
  };
}

/** Every change leaves an event or a mark, and it stays in the slot until its snapshot is written. */
function snapshotsOf(slot: Slot): VerificationSnapshot[] {
  const changed = new Set(slot.outbox.map(({ verificationId }) => verificationId));
  return wholeRecords(slot)
    .filter(({ id, uncopiedAt }) => changed.has(id) || uncopiedAt !== undefined)
    .map((record) => snapshotOf(slot, record));
}

const startedIn = ({ outbox }: Slot): string[] =>
  outbox.filter(({ seq }) => seq === 1).map(({ verificationId }) => verificationId);

function wholeRecords({ past, current }: Slot): VerificationRecord[] {
  return [...past.filter((record): record is VerificationRecord => !isTombstone(record)), current];
}

function toAuditEvent(slot: Slot, event: SlotEvent): AuditEvent {
  const { type, verificationId, seq, at, actor, to, data } = event;
  const { applicationId, purpose } = slot;
  return {
    id: verificationEventId(verificationId, seq),
    type,
    applicationId,
    verificationId,
    seq,
    at,
    actor,
    purpose,
    to,
    data,
  };
}
