/**
 * Batches of writes as plain commands, durable on a majority when they resolve. The driver's `insertMany` and
 * `bulkWrite` spend more time per operation than the whole command takes.
 * A command's arrays travel in one BSON document: callers keep a batch well below 16 MB.
 */
import type { mongo } from 'mongoose';

/** One statement of the `update` command. */
export interface UpdateStatement {
  readonly q: object;
  readonly u: object;
  readonly upsert?: boolean;
}

interface WriteReply {
  readonly writeErrors?: { readonly index: number; readonly code: number }[];
  readonly writeConcernError?: { readonly code: number };
}

const DUPLICATE_KEY = 11000;
const writeConcern = { w: 'majority', j: true, wtimeout: 5000 };

/**
 * In no particular order.
 * @throws Error with the server's `code`, never with its message, which may quote values
 */
export async function runUpdates(
  db: mongo.Db,
  collection: string,
  updates: readonly UpdateStatement[],
): Promise<void> {
  if (updates.length === 0) return;
  const reply: WriteReply = await db.command({ update: collection, updates, ordered: false, writeConcern });
  const failure = reply.writeErrors?.[0] ?? reply.writeConcernError;
  if (failure) throw failed('updates', collection, failure.code);
}

/**
 * @param options `ordered`: in this order, up to the first duplicate; `maxTimeMS`: includes the wait for the majority
 * @returns positions of the documents whose `_id` or other unique key is there already
 * @throws as {@link runUpdates}, for any other failure
 */
export async function runInserts(
  db: mongo.Db,
  collection: string,
  documents: readonly object[],
  options: { readonly ordered: boolean; readonly maxTimeMS?: number },
): Promise<number[]> {
  if (documents.length === 0) return [];
  const reply: WriteReply = await db.command({ insert: collection, documents, ...options, writeConcern });
  const errors = reply.writeErrors ?? [];
  const failure = errors.find((error) => error.code !== DUPLICATE_KEY) ?? reply.writeConcernError;
  if (failure) throw failed('inserts', collection, failure.code);
  return errors.map((error) => error.index);
}

function failed(what: string, collection: string, code: number): Error {
  return Object.assign(new Error(`${what} of ${collection} failed`), { code });
}
