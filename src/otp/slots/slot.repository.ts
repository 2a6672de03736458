import { Inject, Injectable } from '@nestjs/common';
import { mongo } from 'mongoose';
import { DURABLE_DB } from '../../database/durable-connection';
import type { Statement } from './commit/statement';
import type { PastRecord, Slot } from './slot';
import { SLOTS } from './slot.schema';

/** Slots as a majority has them, with the database's time when the read began; null when nothing was found. */
export interface SlotsRead {
  readonly slots: readonly Slot[];
  readonly now: Date | null;
}

/** What one `update` command came to. */
export interface WriteReport {
  /** Statements that matched or inserted. One that matched a slot and changed nothing counts. */
  readonly matched: number;
  /** By position: the server's code. What is not in it was run, unless it stands behind one in an ordered command. */
  readonly errors: ReadonlyMap<number, number>;
  /** The write is not known to be on a majority. */
  readonly isConcernFailed: boolean;
}

const READ_MS = 1_000;
const WRITE_MS = 5_000;
const SCAN_MS = 5_000;
/** More than a batch can ask for. */
const ONE_BATCH = 1_000;

const readConcern = { level: 'majority' } as const;
const writeConcern = { w: 'majority', j: true, wtimeout: WRITE_MS };
/** All fields by name: only so can the read bring the database's time along. */
const projection = {
  key: 1,
  applicationId: 1,
  purpose: 1,
  recipient: 1,
  v: 1,
  ids: 1,
  current: 1,
  past: 1,
  failures: 1,
  lockedUntil: 1,
  devices: 1,
  sends: 1,
  ops: 1,
  outbox: 1,
  dueAt: 1,
  purgeAt: 1,
  now: '$$NOW',
};

type Found = Slot & { readonly now: Date };
interface FindReply {
  readonly cursor: { readonly id: mongo.Long; readonly firstBatch: Found[]; readonly nextBatch: Found[] };
}
interface UpdateReply {
  readonly n?: number;
  readonly writeErrors?: readonly { readonly index: number; readonly code: number }[];
  readonly writeConcernError?: object;
}

/**
 * Owner of the collection `slots`. Plain commands instead of the driver's helpers: a cursor's and a bulk's bookkeeping
 * cost more than the answers. Every command of the hot path names `_id`.
 */
@Injectable()
export class SlotRepository {
  constructor(@Inject(DURABLE_DB) private readonly db: mongo.Db) {}

  /** Begins after the call, and tells nothing that could be rolled back. */
  async read(slotIds: readonly string[]): Promise<SlotsRead> {
    const filter = { _id: slotIds.length === 1 ? slotIds[0] : { $in: slotIds } };
    return this.find({ filter, maxTimeMS: READ_MS, batchSize: ONE_BATCH });
  }

  /** Of those that are there. */
  async readVersions(slotIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const filter = { _id: { $in: slotIds } };
    const query = {
      find: SLOTS,
      filter,
      projection: { v: 1 },
      readConcern,
      maxTimeMS: READ_MS,
      batchSize: ONE_BATCH,
    };
    const { cursor } = await this.ask(query);
    return new Map(cursor.firstBatch.map(({ _id, v }) => [_id, v]));
  }

  /** Slots whose `dueAt` is not after `now`, oldest first. */
  async readDue(now: Date, { limit, skip }: { limit: number; skip: number }): Promise<SlotsRead> {
    const filter = { dueAt: { $lte: now } };
    return this.find({ filter, sort: { dueAt: 1 }, limit, skip, maxTimeMS: SCAN_MS, batchSize: limit });
  }

  /**
   * One command.
   * @param ordered one statement after the other, and none after the first that is refused
   * @throws as the driver does when there is no usable answer
   */
  async write(statements: readonly Statement[], ordered = false): Promise<WriteReport> {
    const command = { update: SLOTS, updates: statements, ordered, maxTimeMS: WRITE_MS, writeConcern };
    const reply = await this.update(command);
    return {
      matched: reply.n ?? 0,
      errors: new Map((reply.writeErrors ?? []).map(({ index, code }) => [index, code])),
      isConcernFailed: reply.writeConcernError !== undefined,
    };
  }

  /** The database's time. */
  async now(): Promise<Date> {
    const { localTime } = (await this.db.command({ hello: 1 })) as unknown as { localTime: Date };
    return localTime;
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

  private async find(query: object): Promise<SlotsRead> {
    const { cursor } = await this.ask({ find: SLOTS, ...query, projection, readConcern });
    const found = cursor.firstBatch;
    // What did not fit into 16 MB.
    for (let { id } = cursor; String(id) !== '0';) {
      const more = await this.ask({ getMore: id, collection: SLOTS });
      found.push(...more.cursor.nextBatch);
      id = more.cursor.id;
    }
    return { slots: found.map(toSlot), now: found[0]?.now ?? null };
  }

  private async ask(command: mongo.BSON.Document): Promise<FindReply> {
    return (await this.db.command(command, { promoteBuffers: true })) as unknown as FindReply;
  }
}

/** Buffers of an answer share its memory, which a slot that is remembered would hold on to. */
function toSlot({ now: _, ...slot }: Found): Slot {
  return { ...slot, current: withOwnBuffers(slot.current), past: slot.past.map(withOwnBuffers) };
}

const binaries = ['mac', 'sealed', 'transactionDigest', 'personal'] as const;

function withOwnBuffers<Kept extends PastRecord>(record: Kept): Kept {
  const fields: Readonly<Record<string, unknown>> = { ...record };
  const own = binaries.flatMap((name) => {
    const value = fields[name];
    return Buffer.isBuffer(value) ? [[name, Buffer.from(value)]] : [];
  });
  return own.length > 0 ? { ...record, ...(Object.fromEntries(own) as Partial<Kept>) } : record;
}
