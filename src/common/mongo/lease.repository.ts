import type { mongo } from 'mongoose';
import type { Clock } from '../clock';
import { newId } from '../ids';

/** The right to do a job until a moment; `n` grows with every holder, so an earlier one is recognised. */
export interface Lease {
  readonly name: string;
  readonly owner: string;
  readonly n: number;
  readonly lengthMs: number;
  /** On this process's monotonic clock, counted from before the write was sent: never later than in the database. */
  readonly endsAt: number;
}

interface LeaseDocument {
  _id: string;
  owner: string;
  n: number;
  until: Date;
  bookmark?: unknown;
}

/**
 * Leases by the database's clock. They keep two instances from doing the same work twice; they are no
 * guarantee (a paused holder may wake up late), so every job is idempotent as well.
 */
export class LeaseRepository {
  private readonly leases: mongo.Collection<LeaseDocument>;

  constructor(
    db: mongo.Db,
    private readonly clock: Clock,
  ) {
    this.leases = db.collection<LeaseDocument>('leases');
  }

  /** @returns null when somebody else holds it. */
  async acquire(name: string, lengthMs: number): Promise<Lease | null> {
    const owner = newId();
    const endsAt = this.clock.monotonic() + lengthMs;
    const mine = {
      owner: { $literal: owner },
      n: { $add: [{ $ifNull: ['$n', 0] }, 1] },
      until: { $add: ['$$NOW', lengthMs] },
    };
    const taken = { $cond: [isFree(lengthMs), { $mergeObjects: ['$$ROOT', mine] }, '$$ROOT'] };
    const document = await this.leases
      .findOneAndUpdate({ _id: name }, [{ $replaceWith: taken }], { upsert: true, returnDocument: 'after' })
      .catch(nullWhenTwoInsert);
    return document?.owner === owner ? { name, owner, n: document.n, lengthMs, endsAt } : null;
  }

  /** @returns the longer lease, or null when somebody else took over meanwhile. */
  async renew(lease: Lease): Promise<Lease | null> {
    const endsAt = this.clock.monotonic() + lease.lengthMs;
    const until = { $add: ['$$NOW', lease.lengthMs] };
    const { matchedCount } = await this.leases.updateOne(held(lease), [{ $set: { until } }]);
    return matchedCount === 1 ? { ...lease, endsAt } : null;
  }

  /** The document stays, so that `n` keeps growing. */
  async release(lease: Lease): Promise<void> {
    await this.leases.updateOne(held(lease), [{ $set: { until: '$$NOW' } }]);
  }

  isValid(lease: Lease, forAnotherMs = 0): boolean {
    return this.clock.monotonic() + forAnotherMs < lease.endsAt;
  }

  /** How far the job came in earlier runs, in its own words. */
  async bookmark(name: string): Promise<unknown> {
    return (await this.leases.findOne({ _id: name }))?.bookmark ?? null;
  }

  async saveBookmark(lease: Lease, bookmark: unknown): Promise<void> {
    await this.leases.updateOne(held(lease), { $set: { bookmark } });
  }
}

const held = ({ name, owner, n }: Lease) => ({ _id: name, owner, n });

/** Over, never taken, or so far ahead that the clock must have been set back since. */
const isFree = (lengthMs: number) => ({
  $or: [
    { $lte: [{ $ifNull: ['$until', null] }, '$$NOW'] },
    { $gt: ['$until', { $add: ['$$NOW', 2 * lengthMs] }] },
  ],
});

/** The very first acquire of a name, twice at the same time: one of them loses. */
function nullWhenTwoInsert(error: unknown): null {
  if ((error as { code?: unknown } | null)?.code === 11000) return null;
  throw error;
}
