import type { mongo } from 'mongoose';
import type { GroupCommitStore, UpdateStatement, WriteReply } from '../../common/mongo/group-commit';
import type { SlotDocument } from './slot';
import { SLOTS } from './slot.schema';

/** A slot as the read-back brings it: enough to tell an outcome or to name a refusal, no queued events. */
export type SlotState = Pick<
  SlotDocument,
  '_id' | 'ids' | 'applicationId' | 'purpose' | 'current' | 'ops' | 'failures' | 'lockedUntil' | 'sends'
> & { past: { id: string; status: string; endedAt: Date }[]; undrained: number };

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

const writeConcern = { w: 'majority', j: true, wtimeout: 5000 };
const readConcern = { level: 'majority' } as const;

/**
 * The two commands of the hot path, as commands: the driver's `bulkWrite` has no way to bind constants per
 * statement, and its bookkeeping per operation costs more than the command.
 */
export class SlotStore implements GroupCommitStore<SlotState> {
  constructor(private readonly db: mongo.Db) {}

  async write(updates: UpdateStatement[]): Promise<WriteReply> {
    return (await this.db.command({ update: SLOTS, updates, ordered: false, writeConcern })) as WriteReply;
  }

  async read(keys: { _ids: string[]; ids: string[] }): Promise<{ docs: SlotState[]; now: Date }> {
    const docs = await this.db
      .collection<SlotDocument>(SLOTS)
      .find<SlotState & { now: Date }>(filterFor(keys), { projection, readConcern, batchSize: 1000 })
      .toArray();
    return { docs, now: docs[0]?.now ?? new Date() };
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
