import { Schema } from 'mongoose';
import type { Block, BlockOrigin } from '../block';

/** An entry as stored; `rev` is that of its list when it was put there. */
export interface BlockDocument extends Omit<Block, 'id'> {
  readonly _id: string;
  readonly rev: number;
  /** When nobody needs it any more: a day after its end. Null: it has none. */
  readonly purgeAt: Date | null;
}

/** What is left of an entry that was removed, until every instance has seen that. */
export interface RemovedDocument extends Pick<BlockDocument, '_id' | 'applicationId' | 'rev'> {
  readonly purgeAt: Date;
  readonly removed: true;
}

/** The lists of one application: counts their changes, so that two of them follow one another. */
export interface BlockListsDocument {
  /** The application's id. */
  readonly _id: string;
  readonly rev: number;
  /** Entries, or more: those that ended by themselves are taken off when it matters. */
  readonly count: Readonly<Partial<Record<BlockOrigin, number>>>;
}

export const BLOCKS = 'blocks';
export const BLOCK_LISTS = 'block_lists';

/** mongoose knows this collection for its indexes only. */
export const blockSchema = new Schema(
  { _id: String },
  { collection: BLOCKS, strict: false, versionKey: false },
);

// BlocksRepository.changes: what an instance has not read yet, in the order of the changes.
blockSchema.index({ applicationId: 1, rev: 1 });
// BlocksRepository.list: newest first.
blockSchema.index({ applicationId: 1, createdAt: -1, _id: -1 });
// BlocksRepository.ended, and removal. Nothing depends on when it happens: the end itself is judged by the clock of the database.
blockSchema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });
