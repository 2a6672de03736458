import type { Job } from '../common/jobs/job';
import type { RollUpService } from './roll-up.service';

/** Keeps the statistics up to date, the longest waiting hour first. */
export const rollUpJob = (rollUp: RollUpService): Job => ({
  name: 'statistics',
  everyMs: 10_000,
  // A tenth of the time at most, however many hours of however many applications have changed.
  budgetMs: 1_000,
  // Longer than the count of the busiest hour takes, which is one batch: nine million verifications in one hour.
  leaseMs: 120_000,
  hasWork: async () => (await rollUp.waiting({}, 1)).length > 0,
  run: async () => {
    const [hour] = await rollUp.waiting({}, 1);
    if (!hour) return { full: false };
    await rollUp.count(hour);
    return { full: true, oldest: hour.changedAt };
  },
});
