import type { Connection, mongo } from 'mongoose';
import { unavailable } from '../errors';
import { withTimeout } from '../with-timeout';

/** Every call of the API is answered within 10 s; the driver alone would go on trying for 120 s. */
const DEADLINE_MS = 9_000;

const transactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', j: true },
  readPreference: 'primary',
  maxCommitTimeMS: 5_000,
} as const;

/**
 * Runs `work` in one transaction, again from the start whenever it met another one on the same document: what
 * `work` read is then still true when it commits. `work` must have no effect besides its statements with the
 * session. Rejects with `unavailable` after 9 s; the transaction may then still commit.
 */
export async function inTransaction<T>(
  connection: Connection,
  work: (session: mongo.ClientSession) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const attempts = connection.withSession((session) =>
    session.withTransaction(() => {
      deadline.signal.throwIfAborted();
      return work(session);
    }, transactionOptions),
  );
  return withTimeout(attempts, DEADLINE_MS, () => {
    // No further attempt; one whose commit is under way cannot be called back.
    deadline.abort();
    return unavailable('The database did not answer in time. Look whether the change took effect.');
  });
}
