import { Inject, Injectable } from '@nestjs/common';
import { mongo } from 'mongoose';
import type { Ride } from '../../common/mongo/ride';
import { COMMON_COLLECTION } from '../../database/common-collection';
import { DURABLE_DB } from '../../database/durable-connection';

/** Where a reader stands: what it has read of this page, and everything of those before. */
export interface Position {
  readonly page: number;
  /** Entries of the page. */
  readonly seen: number;
}

/** What is new after a position, in order, as a majority has it. */
export interface News {
  readonly entries: readonly Buffer[];
  readonly position: Position;
  /** Of the page. */
  readonly bytes: number;
  /** The database's time. */
  readonly now: Date;
}

/** A page; `until` is when nothing in it counts any more. It is deleted at `purgeAt`, which only full pages have. */
interface Page {
  readonly _id: number;
  readonly e: readonly mongo.Binary[];
  /** Entries. */
  readonly n: number;
  readonly bytes: number;
  readonly until: Date;
  readonly purgeAt?: Date;
  readonly now: Date;
}

interface FindReply {
  readonly cursor: { readonly firstBatch: Page[] };
}

interface InsertReply {
  readonly writeErrors?: readonly { readonly code: number }[];
}

export const LIMIT_LOG = COMMON_COLLECTION;

const MAX_TIME_MS = 5_000;
const READ_MS = 2_000;
/** A page takes no more then. Larger pages cost more per write, smaller ones are turned more often. */
export const FULL_BYTES = 32_768;
/** More than a page can hold. */
const ALL = 100_000;
const DUPLICATE_KEY = 11_000;

const writeConcern = { w: 'majority', j: true, wtimeout: MAX_TIME_MS };
const readConcern = { level: 'majority' } as const;
const projection = (seen: number) => ({
  e: { $slice: [seen, ALL] },
  n: 1,
  bytes: 1,
  now: '$$NOW',
});

/**
 * Owner of the pages of the log, numbered from 1, beside the slots. Entries are only ever added to the last page, by one
 * command that also tells what others added before, or that takes effect only if nobody did. So all processes see one
 * order, and a page that is full never changes again.
 */
@Injectable()
export class LimitLogRepository {
  constructor(@Inject(DURABLE_DB) private readonly db: mongo.Db) {}

  /**
   * Adds an entry to a page that is there and not full.
   * @returns what others added since the position, without this entry; null: the page takes no more
   * @throws as the driver does when there is no usable answer: the entry may be in the log, or may yet get there
   */
  async append({ page, seen }: Position, entry: Buffer, until: Date): Promise<News | null> {
    const { value } = (await this.db.command(
      {
        findAndModify: LIMIT_LOG,
        query: { _id: page, bytes: { $lt: FULL_BYTES } },
        update: {
          $push: { e: new mongo.Binary(entry) },
          $inc: { n: 1, bytes: entry.length },
          $max: { until },
        },
        fields: projection(seen),
        new: true,
        maxTimeMS: MAX_TIME_MS,
        writeConcern,
      },
      { promoteBuffers: true },
    )) as unknown as { value: Page | null };
    if (!value) return null;
    const news = newsOf(value, seen);
    return { ...news, entries: news.entries.slice(0, -1) };
  }

  /** Begins a page with an entry. @returns false: somebody else has begun it */
  async begin(page: number, entry: Buffer, until: Date): Promise<boolean> {
    const document = { _id: page, e: [new mongo.Binary(entry)], n: 1, bytes: entry.length, until };
    const command = { insert: LIMIT_LOG, documents: [document], maxTimeMS: MAX_TIME_MS, writeConcern };
    // What a plain command could not insert is told in its answer, not thrown.
    const { writeErrors = [] } = (await this.db.command(command)) as unknown as InsertReply;
    const [failed] = writeErrors;
    if (!failed) return true;
    if (failed.code === DUPLICATE_KEY) return false;
    throw Object.assign(new Error('limit log: a page could not be begun'), { code: failed.code });
  }

  /** A page that takes no more is deleted when nothing in it counts any more. */
  async close(page: number): Promise<void> {
    const full = { _id: page, bytes: { $gte: FULL_BYTES } };
    const updates = [{ q: full, u: [{ $set: { purgeAt: '$until' } }] }];
    await this.db.command({ update: LIMIT_LOG, updates, maxTimeMS: MAX_TIME_MS, writeConcern });
  }

  /** What is new on the page; null: there is no such page, or it holds less than was read of it. */
  async read({ page, seen }: Position): Promise<News | null> {
    const [found] = await this.find({ _id: page }, seen, 1);
    return found && found.n >= seen ? newsOf(found, seen) : null;
  }

  /** The first page after this one; null: there is none yet. */
  async next(page: number): Promise<News | null> {
    const [found] = await this.find({ _id: { $gt: page } }, 0, 1);
    return found ? newsOf(found, 0) : null;
  }

  /** The database's time, and whether one replica set has it all, so that its writes are in one order. */
  async hello(): Promise<{ readonly now: Date; readonly isOneSet: boolean }> {
    const reply = (await this.db.command({ hello: 1 })) as unknown as { localTime: Date; setName?: string };
    return { now: reply.localTime, isOneSet: reply.setName !== undefined };
  }

  private async find(filter: object, seen: number, limit: number): Promise<Page[]> {
    const command = { find: LIMIT_LOG, filter, sort: { _id: 1 }, limit, projection: projection(seen) };
    const reply = await this.db.command(
      { ...command, readConcern, maxTimeMS: READ_MS, batchSize: limit },
      { promoteBuffers: true },
    );
    return (reply as unknown as FindReply).cursor.firstBatch;
  }
}

/**
 * Adds an entry to a page as it was left, or begins the one after it: as a statement of somebody else's command. Where
 * anybody was faster, the page is not found like that, and the document that would be inserted instead is refused.
 */
export function additionTo({ page, seen }: Position, entry: Buffer, until: Date): Ride['statement'] {
  const change = {
    $push: { e: new mongo.Binary(entry) },
    $inc: { n: 1, bytes: entry.length },
    $max: { until },
  };
  // A new one may be inserted, unless it is there; an old one that is gone may not.
  const unlessThere = seen === 0 ? {} : { $setOnInsert: { _id: 'refused' } };
  return { q: { _id: page, n: seen }, u: { ...change, ...unlessThere }, upsert: true };
}

function newsOf({ _id, e, n, bytes, now }: Page, seen: number): News {
  // Copied out of the answer, whose memory they share.
  const entries = e.map((entry) => Buffer.from(entry as unknown as Buffer));
  if (entries.length !== n - seen) throw new Error('limit log: a page was changed by somebody else');
  return { entries, position: { page: _id, seen: n }, bytes, now };
}
