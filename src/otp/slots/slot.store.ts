import { mongo } from 'mongoose';
import type { GroupCommitStore, OperationFailure, WriteReport } from '../../common/mongo/group-commit';
import type { SlotDocument, Tombstone, VerificationRecord } from './slot';
import { SLOTS } from './slot.schema';
import { statementsOf } from './slot.statements';
import type { SlotCommand, Statement } from './slot.statements';

/** A slot as the read-back brings it: enough to tell an outcome or to name a refusal, no queued events. */
export type SlotState = Pick<
  SlotDocument,
  '_id' | 'ids' | 'applicationId' | 'purpose' | 'current' | 'ops' | 'failures' | 'lockedUntil' | 'sends'
> & { past: { id: string; status: string; endedAt: Date }[]; undrained: number };

type Reported<Record> = Pick<Record, Extract<keyof Record, 'id' | 'country' | 'deliveries' | 'tombstone'>>;

/** What a receipt needs to know of a slot. */
export interface ReportedSlot {
  readonly _id: string;
  readonly applicationId: string;
  readonly current: Reported<VerificationRecord>;
  readonly past: (Reported<VerificationRecord> | Reported<Tombstone>)[];
}

const forReceipts = {
  applicationId: 1,
  'current.id': 1,
  'current.country': 1,
  'current.deliveries': 1,
  'past.id': 1,
  'past.country': 1,
  'past.deliveries': 1,
  'past.tombstone': 1,
};

const projection = {
  ids: 1,
  applicationId: 1,
  purpose: 1,
  current: 1,
  ops: 1,
  failures: 1,
  lockedUntil: 1,
  sends: 1,
  'past.id': 1,
  'past.status': 1,
  'past.endedAt': 1,
  undrained: { $size: { $ifNull: ['$pendingAudit', []] } },
  now: '$$NOW',
};

/** More than a batch of operations can ask for. */
const ONE_BATCH = 1_000;

type Read = SlotState & { now: Date };
interface FindReply {
  cursor: { id: mongo.Long; firstBatch: Read[] };
}
interface MoreReply {
  cursor: { id: mongo.Long; nextBatch: Read[] };
}

const writeConcern = { w: 'majority', j: true, wtimeout: 5000 };
const readConcern = { level: 'majority' } as const;

/** The part of an `update` command's answer that matters here. */
interface UpdateReply {
  writeErrors?: { index: number; code: number }[];
  writeConcernError?: { code: number };
}

/**
 * The two commands of the hot path. A command and not the driver's `bulkWrite`: that has no way to bind
 * constants per statement.
 */
export class SlotStore implements GroupCommitStore<SlotCommand, SlotState> {
  constructor(private readonly db: mongo.Db) {}

  async write(batch: readonly SlotCommand[]): Promise<WriteReport> {
    const statements = statementsOf(batch);
    const updates = statements.map((statement) => statement.update);
    const reply = await this.update({ update: SLOTS, updates, ordered: false, writeConcern });
    return { failures: failuresOf(reply, statements), concernFailed: reply.writeConcernError !== undefined };
  }

  /** The driver throws when the write concern failed; its error holds the answer. */
  private async update(command: mongo.BSON.Document): Promise<UpdateReply> {
    try {
      return await this.db.command(command);
    } catch (error) {
      if (error instanceof mongo.MongoWriteConcernError) return error.result;
      throw error;
    }
  }

  /** A command too: a cursor's bookkeeping costs more than the answer, which is one batch unless slots are huge. */
  async read(keys: { _ids: string[]; ids: string[] }): Promise<{ docs: SlotState[]; now: Date }> {
    const filter = filterFor(keys);
    const command = { find: SLOTS, filter, projection, readConcern, batchSize: ONE_BATCH };
    const { cursor } = (await this.db.command(command)) as unknown as FindReply;
    const docs = cursor.firstBatch;
    if (String(cursor.id) !== '0') docs.push(...(await this.rest(cursor.id)));
    return { docs, now: docs[0]?.now ?? new Date() };
  }

  /** What did not fit into 16 MB. */
  private async rest(id: mongo.Long): Promise<Read[]> {
    const docs: Read[] = [];
    for (let next: mongo.Long = id; String(next) !== '0';) {
      const { cursor } = (await this.db.command({
        getMore: next,
        collection: SLOTS,
      })) as unknown as MoreReply;
      docs.push(...cursor.nextBatch);
      next = cursor.id;
    }
    return docs;
  }

  /** The slots of these verifications, with what a receipt needs to know of them. */
  async readDeliveries(ids: readonly string[]): Promise<ReportedSlot[]> {
    const found = this.db.collection<ReportedSlot>(SLOTS).find(
      { ids: { $in: ids } },
      {
        projection: forReceipts,
        readConcern,
      },
    );
    return found.toArray();
  }

  /** One slot with its past verifications in full, and the database's time. */
  async readWhole(filter: mongo.Filter<SlotDocument>): Promise<{ slot: SlotDocument; now: Date } | null> {
    const [slot] = await this.db
      .collection<SlotDocument>(SLOTS)
      .aggregate<SlotDocument & { now: Date }>(
        [{ $match: filter }, { $limit: 1 }, { $set: { now: '$$NOW' } }, { $unset: ['pendingAudit', 'ops'] }],
        { readConcern },
      )
      .toArray();
    return slot ? { slot, now: slot.now } : null;
  }
}

function filterFor({ _ids, ids }: { _ids: string[]; ids: string[] }): mongo.Filter<SlotDocument> {
  const byKey = { _id: { $in: _ids } };
  const byVerification = { ids: { $in: ids } };
  if (ids.length === 0) return byKey;
  return _ids.length === 0 ? byVerification : { $or: [byKey, byVerification] };
}

/** A statement that failed may have changed some of its documents: only an operation alone in it knows. */
function failuresOf(reply: UpdateReply, statements: readonly Statement[]): Map<number, OperationFailure> {
  const failures = new Map<number, OperationFailure>();
  for (const { index, code } of reply.writeErrors ?? []) {
    const members = statements[index]?.members ?? [];
    for (const member of members) failures.set(member, { code, shared: members.length > 1 });
  }
  return failures;
}
