import { setTimeout as sleep } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import { AUDIT_EVENTS, type AuditEventDocument } from '../../src/audit/audit.schema';
import { BUDGETS, type BudgetDocument } from '../../src/limits/money/budget.schema';
import { VERIFICATIONS, type ReadModelDocument } from '../../src/otp/relay/read-model/read-model.schema';
import type { Slot, VerificationRecord } from '../../src/otp/slots/slot';
import { SLOTS } from '../../src/otp/slots/slot.schema';
import { slotDocuments } from '../support/slot-documents';

/** All that the database knows once the relay has nothing left to do. */
export interface Truth {
  readonly slots: readonly Slot[];
  /** Verifications that a slot still holds whole. */
  readonly whole: ReadonlyMap<string, VerificationRecord>;
  /** The slot that a verification belongs to. */
  readonly slotOf: ReadonlyMap<string, Slot>;
  readonly copies: ReadonlyMap<string, ReadModelDocument>;
  /** Events of each verification, by `seq`; refusals, which have none, are left out. */
  readonly events: ReadonlyMap<string, AuditEventDocument[]>;
  readonly log: readonly AuditEventDocument[];
  /** Taken out of budgets, so that it is spent or may be. */
  readonly allottedMicros: number;
}

const RELAY_LIMIT_MS = 20_000;

export async function readTruth(db: mongo.Db): Promise<Truth> {
  await untilRelayed(db);
  const slots = await db.collection<Slot>(SLOTS).find(slotDocuments).toArray();
  const copies = await db.collection<ReadModelDocument>(VERIFICATIONS).find().toArray();
  const log = await db.collection<AuditEventDocument>(AUDIT_EVENTS).find().sort({ pos: 1 }).toArray();
  const budgets = await db.collection<BudgetDocument>(BUDGETS).find().toArray();
  const whole = slots.flatMap((slot) => [slot.current, ...slot.past].filter(isWhole));
  const events = new Map<string, AuditEventDocument[]>();
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
    allottedMicros: budgets.reduce((sum, budget) => sum + budget.allottedMicros, 0),
  };
}

async function untilRelayed(db: mongo.Db): Promise<void> {
  const end = Date.now() + RELAY_LIMIT_MS;
  const unrelayed = {
    $or: ['outbox.0', 'current.uncopiedAt', 'past.uncopiedAt'].map((path) => ({ [path]: { $exists: true } })),
  };
  while ((await db.collection(SLOTS).countDocuments(unrelayed)) > 0) {
    if (Date.now() > end) throw new Error(`events waited for the relay for ${RELAY_LIMIT_MS / 1000} s`);
    await sleep(200);
  }
}

function isWhole(entry: Slot['past'][number] | VerificationRecord): entry is VerificationRecord {
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
