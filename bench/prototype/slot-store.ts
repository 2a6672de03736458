/** The slots in MongoDB: reads by `_id`, and one guarded statement per slot. */
import type { mongo } from 'mongoose';
import type { Slot } from './slot';

/** From here on the database's own clock judges the expiry: cheaper statements before. */
const GUARD_BEFORE_MS = 15_000;
const READ_LIMIT_MS = 1_000;
const WRITE_LIMIT_MS = 5_000;

/** A change of one slot: `old` null makes it. */
export interface Change {
  readonly old: Slot | null;
  readonly next: Slot;
}

type Values = Record<string, unknown>;

/** Paths of the fields that are another value than before, one level into `current`. */
function changedPaths(old: Slot, next: Slot): Values {
  const set: Values = {};
  const collect = (before: object, after: object, prefix: string): void => {
    for (const [key, value] of Object.entries(after)) {
      if ((before as Values)[key] !== value) set[prefix + key] = value;
    }
  };
  collect(old, next, '');
  if (old.current !== next.current && old.current.id === next.current.id) {
    delete set['current'];
    collect(old.current, next.current, 'current.');
  }
  return set;
}

function statement({ old, next }: Change, now: Date): Values {
  if (!old) return { q: { _id: next._id, v: 0 }, u: next, upsert: true };
  const q: Values = { _id: old._id, v: old.v };
  const { status, expiresAt } = old.current;
  const lifeLeft = expiresAt.getTime() - now.getTime();
  if (status === 'pending' && Math.abs(lifeLeft) < GUARD_BEFORE_MS) {
    const order = lifeLeft > 0 ? '$lt' : '$gte';
    q['$expr'] = { [order]: ['$$NOW', '$current.expiresAt'] };
  }
  return { q, u: { $set: changedPaths(old, next) } };
}

export class SlotStore {
  /** The database's time less the monotonic clock's, in ms. */
  private offset = 0;

  constructor(private readonly db: mongo.Db) {}

  async open(): Promise<void> {
    await this.db.collection('slots').createIndex({ dueAt: 1 }, { sparse: true });
    const { localTime } = await this.db.command({ hello: 1 });
    this.offset = (localTime as Date).getTime() - performance.now();
  }

  now(): Date {
    return new Date(this.offset + performance.now());
  }

  /** @param settling majority: what is there stays, so that it may be told */
  async read(ids: readonly string[], settling: boolean): Promise<Map<string, Slot>> {
    const slots = await this.db
      .collection<Slot>('slots')
      .find(
        { _id: { $in: [...ids] } },
        {
          maxTimeMS: READ_LIMIT_MS,
          promoteBuffers: true,
          readConcern: { level: settling ? 'majority' : 'local' },
        },
      )
      .toArray();
    return new Map(slots.map((slot) => [slot._id, slot]));
  }

  /** Whether all of them took effect; if not, who did is not told. */
  async write(changes: readonly Change[], now: Date): Promise<boolean> {
    const reply = await this.db.command({
      update: 'slots',
      updates: changes.map((change) => statement(change, now)),
      ordered: false,
      maxTimeMS: WRITE_LIMIT_MS,
      writeConcern: { w: 'majority', j: true, wtimeout: WRITE_LIMIT_MS },
    });
    return reply['n'] === changes.length && !reply['writeErrors'] && !reply['writeConcernError'];
  }
}
