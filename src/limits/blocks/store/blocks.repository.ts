import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection, mongo } from 'mongoose';
import { unavailable } from '../../../common/errors';
import { olderThan } from '../../../common/mongo/older-than';
import type { PagePosition } from '../../../common/page-cursor';
import { isInForce, MAX_BLOCKS, type Block, type BlockKind, type ListName } from '../block';
import {
  BLOCK_LISTS,
  BLOCKS,
  type BlockDocument,
  type BlockListsDocument,
  type RemovedDocument,
} from './block.schema';

export interface BlocksQuery {
  readonly applicationId: string;
  readonly list?: ListName | undefined;
  readonly kind?: BlockKind | undefined;
  readonly after: PagePosition | null;
  readonly limit: number;
}

/** What happened to a list, in the order in which it happened. */
export type BlockChange =
  { readonly kind: 'put'; readonly block: Block } | { readonly kind: 'removed'; readonly id: string };

/** In which transaction a change is made, and when: milliseconds since the epoch. */
export interface Change {
  readonly session: mongo.ClientSession;
  readonly now: number;
}

/** How often lists were changed, by application, at a moment of the database; those without any are not in it. */
export interface Revisions {
  readonly byApplication: ReadonlyMap<string, number>;
  /** Null: none of them has a list. */
  readonly now: Date | null;
}

/** An entry that has ended, as it was at this revision of its list. */
export interface EndedBlock {
  readonly block: Block;
  readonly rev: number;
}

type Stored = BlockDocument | RemovedDocument;

const KEEP_MS = 86_400_000;
const MAX_TIME_MS = 2_000;
const reading = { readConcern: { level: 'majority' }, readPreference: 'primary' } as const;

/** Owner of the collections `blocks` and `block_lists`. */
@Injectable()
export class BlocksRepository {
  private readonly blocks: mongo.Collection<Stored>;
  private readonly lists: mongo.Collection<BlockListsDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.blocks = connection.collection<Stored>(BLOCKS);
    this.lists = connection.collection<BlockListsDocument>(BLOCK_LISTS);
  }

  /**
   * Takes the place of the entry with the same id, which keeps its time of creation.
   * @returns null when the lists of the application are full; the transaction must then be given up
   */
  async put(block: Block, change: Change): Promise<Block | null> {
    const { session } = change;
    const before = await this.find(block.applicationId, block.id, change);
    const entries = before?.origin === block.origin ? 0 : 1;
    const list = await this.advance(block, entries, session);
    const isFull = (list.count[block.origin] ?? 0) > MAX_BLOCKS[block.origin];
    if (entries > 0 && isFull && !(await this.recount(block, change))) return null;
    const stored = { ...block, createdAt: before?.createdAt ?? block.createdAt };
    const document = toDocument(stored, list.rev);
    await this.blocks.replaceOne({ _id: block.id }, document, { upsert: true, session });
    return stored;
  }

  /** @returns what it was; null when there is no such entry */
  async remove(applicationId: string, id: string, change: Change): Promise<Block | null> {
    const { session, now } = change;
    const before = await this.find(applicationId, id, change);
    if (!before) return null;
    const { rev } = await this.advance(before, -1, session);
    const purgeAt = new Date(now + KEEP_MS);
    const rest: RemovedDocument = { _id: id, applicationId, rev, purgeAt, removed: true };
    await this.blocks.replaceOne({ _id: id }, rest, { session });
    return before;
  }

  /** An entry in force. */
  async find(
    applicationId: string,
    id: string,
    { now, session }: Pick<Change, 'now'> & Partial<Change>,
  ): Promise<Block | null> {
    const options = session ? { session } : { ...reading, maxTimeMS: MAX_TIME_MS };
    const found = await this.blocks.findOne({ _id: id, applicationId }, options);
    if (!found || 'removed' in found) return null;
    const block = toBlock(found);
    return isInForce(block, now) ? block : null;
  }

  /** Those in force, newest first. */
  async list({ applicationId, list, kind, after, limit }: BlocksQuery, now: number): Promise<Block[]> {
    const filter: mongo.Filter<Stored>[] = [{ applicationId }, inForce(now), olderThan(after)];
    if (list) filter.push({ list });
    if (kind) filter.push({ kind });
    const options = { ...reading, sort: { createdAt: -1, _id: -1 }, limit, maxTimeMS: MAX_TIME_MS } as const;
    return (await this.blocks.find({ $and: filter }, options).toArray()).flatMap((one) =>
      'removed' in one ? [] : [toBlock(one)],
    );
  }

  async revisions(applicationIds: readonly string[]): Promise<Revisions> {
    const options = { ...reading, projection: { rev: 1, now: '$$NOW' }, maxTimeMS: MAX_TIME_MS } as const;
    const found = await this.lists
      .find<{ _id: string; rev: number; now: Date }>({ _id: { $in: [...applicationIds] } }, options)
      .toArray();
    return {
      byApplication: new Map(found.map(({ _id, rev }) => [_id, rev])),
      now: found[0]?.now ?? null,
    };
  }

  /**
   * What became of the entries that were changed after a revision. The revision has to be read before: everything up to
   * it is then in the answer, and what is newer comes again.
   */
  async changes(applicationId: string, afterRev: number): Promise<BlockChange[]> {
    const options = { ...reading, sort: { rev: 1 }, batchSize: 2_000, maxTimeMS: MAX_TIME_MS } as const;
    const found = await this.blocks.find({ applicationId, rev: { $gt: afterRev } }, options).toArray();
    return found.map((one) =>
      'removed' in one ? { kind: 'removed', id: one._id } : { kind: 'put', block: toBlock(one) },
    );
  }

  /** Entries that ended by themselves and are still there, the oldest first. */
  async ended(now: number, limit: number): Promise<EndedBlock[]> {
    const options = { ...reading, sort: { purgeAt: 1 }, limit, maxTimeMS: MAX_TIME_MS } as const;
    const found = await this.blocks.find(endedBefore(now), options).toArray();
    return found.flatMap((one) => ('removed' in one ? [] : [{ block: toBlock(one), rev: one.rev }]));
  }

  async hasEnded(now: number): Promise<boolean> {
    const options = { projection: { _id: 1 }, maxTimeMS: MAX_TIME_MS };
    return (await this.blocks.findOne(endedBefore(now), options)) !== null;
  }

  /** Unless they were changed meanwhile. No revision of the list: every memory knows the end. */
  async forget(ended: readonly EndedBlock[], now: number): Promise<void> {
    if (ended.length === 0) return;
    const purgeAt = new Date(now + KEEP_MS);
    const operations = ended.map(({ block: { id: _id, applicationId }, rev }) => ({
      replaceOne: {
        filter: { _id, rev },
        replacement: { applicationId, rev, purgeAt, removed: true } as const,
      },
    }));
    await this.blocks.bulkWrite(operations, { ordered: false });
  }

  /** The next revision. Two transactions that want it meet here, and the later one starts again. */
  private async advance(
    { applicationId, origin }: Pick<Block, 'applicationId' | 'origin'>,
    entries: number,
    session: mongo.ClientSession,
  ): Promise<BlockListsDocument> {
    const list = await this.lists.findOneAndUpdate(
      { _id: applicationId },
      { $inc: { rev: 1, [`count.${origin}`]: entries } },
      { upsert: true, returnDocument: 'after', session },
    );
    if (!list) throw unavailable('The database did not say what became of the change.');
    return list;
  }

  /** Entries that have ended are still counted. @returns whether there is room for the one that is about to be stored */
  private async recount(
    { applicationId, origin }: Pick<Block, 'applicationId' | 'origin'>,
    { session, now }: Change,
  ): Promise<boolean> {
    const filter = { $and: [{ applicationId, origin }, inForce(now)] };
    const max = MAX_BLOCKS[origin];
    const count = await this.blocks.countDocuments(filter, { session, limit: max });
    const set = { [`count.${origin}`]: count + 1 };
    await this.lists.updateOne({ _id: applicationId }, { $set: set }, { session });
    return count < max;
  }
}

const inForce = (now: number): mongo.Filter<Stored> => ({
  removed: { $exists: false },
  $or: [{ expiresAt: null }, { expiresAt: { $gt: new Date(now) } }],
});

/** By the index of `purgeAt`, which is that long after the end. */
const endedBefore = (now: number): mongo.Filter<Stored> => ({
  removed: { $exists: false },
  purgeAt: { $lte: new Date(now + KEEP_MS) },
});

function toDocument({ id, expiresAt, ...fields }: Block, rev: number): BlockDocument {
  const purgeAt = expiresAt && new Date(expiresAt.getTime() + KEEP_MS);
  return { _id: id, ...fields, expiresAt, rev, purgeAt };
}

function toBlock({ _id, rev: _, purgeAt: __, ...fields }: BlockDocument): Block {
  return { id: _id, ...fields };
}
