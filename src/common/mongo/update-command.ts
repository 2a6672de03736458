import type { mongo } from 'mongoose';

/** One statement of the `update` command. `c` binds constants that the server never evaluates. */
export interface JobUpdate {
  q: Record<string, unknown>;
  u: unknown;
  c?: object;
  multi?: boolean;
  upsert?: boolean;
}

interface UpdateReply {
  n: number;
  nModified: number;
  writeErrors?: { code: number }[];
  writeConcernError?: { code: number };
}

const DUPLICATE_KEY = 11000;
const writeConcern = { w: 'majority', j: true, wtimeout: 5000 };

/**
 * Many idempotent updates in one unordered command, durable on a majority when it resolves.
 * `collisions: 'mean-done'` is for upserts whose filter says "older than this": a duplicate `_id` then tells
 * that the document there is as new or newer.
 * @returns how many documents changed
 * @throws Error with the server's `code`, never with its message, which may quote values
 */
export async function updateMany(
  db: mongo.Db,
  collection: string,
  updates: readonly JobUpdate[],
  collisions: 'fail' | 'mean-done' = 'fail',
): Promise<number> {
  if (updates.length === 0) return 0;
  const reply = (await db.command({
    update: collection,
    updates,
    ordered: false,
    writeConcern,
  })) as UpdateReply;
  const serious = (reply.writeErrors ?? []).filter(
    (error) => error.code !== DUPLICATE_KEY || collisions === 'fail',
  );
  const failure = serious[0] ?? reply.writeConcernError;
  if (failure) throw Object.assign(new Error(`updates of ${collection} failed`), { code: failure.code });
  return reply.nModified;
}
