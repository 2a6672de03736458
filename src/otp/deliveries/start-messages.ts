import type { BatchResult } from '../../common/jobs/job';

const BATCH = 100;
/** Each becomes a message that waits in this process: half the places stay for new ones, which are refused without. */
const KEPT_FREE = 500;

/**
 * One batch of a job that starts messages.
 * @param room how many more messages may wait in this process
 * @throws what the first of them threw, once all had their turn
 */
export async function startMessages<Work>(
  room: number,
  find: (limit: number) => Promise<readonly Work[]>,
  start: (work: Work) => Promise<unknown>,
): Promise<BatchResult> {
  const limit = Math.min(BATCH, room - KEPT_FREE);
  if (limit <= 0) return { full: false };
  const found = await find(limit);
  const results = await Promise.allSettled(found.map(start));
  const failure = results.find((result) => result.status === 'rejected');
  // One that fails must not keep the others from their turn, but it must show.
  if (failure) throw failure.reason;
  return { full: found.length >= limit };
}
