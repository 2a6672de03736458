import { setTimeout as sleep } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import { AUDIT_EVENTS, type AuditLogDocument } from '../../src/audit/audit.schema';
import { VERIFICATIONS, type ReadModelDocument } from '../../src/otp/relay/read-model/read-model.schema';
import type { SlotDocument, VerificationRecord } from '../../src/otp/slots/slot';
import { SLOTS } from '../../src/otp/slots/slot.schema';

/** All that the database knows once the drain has nothing left to do. */
export interface Truth {
  readonly slots: readonly SlotDocument[];
  /** Verifications that a slot still holds whole. */
  readonly whole: ReadonlyMap<string, VerificationRecord>;
  /** The slot that a verification belongs to. */
  readonly slotOf: ReadonlyMap<string, SlotDocument>;
  readonly copies: ReadonlyMap<string, ReadModelDocument>;
  /** Events of each verification, by `seq`; refusals, which have none, are left out. */
  readonly events: ReadonlyMap<string, AuditLogDocument[]>;
  readonly log: readonly AuditLogDocument[];
}

const DRAIN_LIMIT_MS = 20_000;

export async function readTruth(db: mongo.Db): Promise<Truth> {
  await untilDrained(db);
  const slots = await db.collection<SlotDocument>(SLOTS).find().toArray();
  const copies = await db.collection<ReadModelDocument>(VERIFICATIONS).find().toArray();
  const log = await db.collection<AuditLogDocument>(AUDIT_EVENTS).find().sort({ pos: 1 }).toArray();
  const whole = slots.flatMap((slot) => [slot.current, ...slot.past].filter(isWhole));
  const events = new Map<string, AuditLogDocument[]>();
  for (const event of log) {
    if (event.verificationId === null || event.seq === null) continue;
    events.set(event.verificationId, [...(events.get(event.verificationId) ?? []), event]);
  }
  for (const list of events.values()) list.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  return {
    slots,
    whole: new Map(whole.map((record) => [record.id, record])),
    slotOf: new Map(slots.flatMap((slot) => slot.ids.map((id) => [id, slot]))),
    copies: new Map(copies.map((copy) => [copy._id, copy])),
    events,
    log,
  };
}

async function untilDrained(db: mongo.Db): Promise<void> {
  const end = Date.now() + DRAIN_LIMIT_MS;
  const undrained = { 'pendingAudit.0': { $exists: true } };
  while ((await db.collection(SLOTS).countDocuments(undrained)) > 0) {
    if (Date.now() > end) throw new Error(`events waited for the drain for ${DRAIN_LIMIT_MS / 1000} s`);
    await sleep(200);
  }
}

function isWhole(entry: SlotDocument['past'][number] | VerificationRecord): entry is VerificationRecord {
  return !('tombstone' in entry);
}

/** How long ago the lease of the delivery that is stuck longest ran out, in ms; 0 when none has. By the database's clock. */
export async function longestOverdue(db: mongo.Db): Promise<number> {
  const deliveries = { $concatArrays: ['$current.deliveries', { $ifNull: ['$past.deliveries', []] }] };
  const [found] = await db
    .collection(SLOTS)
    .aggregate<{ overdue: number }>([
      {
        $match: { $or: [{ 'current.deliveries.state': 'sending' }, { 'past.deliveries.state': 'sending' }] },
      },
      { $project: { delivery: deliveries } },
      { $unwind: '$delivery' },
      { $unwind: '$delivery' },
      { $match: { 'delivery.state': 'sending' } },
      { $project: { overdue: { $subtract: ['$$NOW', '$delivery.lease.until'] } } },
      { $sort: { overdue: -1 } },
      { $limit: 1 },
    ])
    .toArray();
  return Math.max(0, found?.overdue ?? 0);
}
