import type { Job } from '../../common/jobs/job';
import type { SlotsService } from './slots.service';

const BATCH = 500;

/** Writes down that verifications have expired. They read as expired before that; this removes their codes. */
export function expiryJob(slots: Pick<SlotsService, 'due' | 'expire'>): Job {
  return {
    name: 'expiry',
    everyMs: 1_000,
    budgetMs: 4_000,
    hasWork: async () => (await slots.due('expire', 1)).length > 0,
    run: async () => {
      const due = await slots.due('expire', BATCH);
      await Promise.all(due.map(({ slot }) => slots.expire(slot._id, { actor: 'job:expiry' })));
      return { full: due.length === BATCH, oldest: due[0]?.slot.current.expiresAt ?? null };
    },
  };
}
