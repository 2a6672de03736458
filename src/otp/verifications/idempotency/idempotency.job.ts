import type { Job } from '../../../common/jobs/job';
import type { IdempotencyService } from './idempotency.service';

const BATCH = 500;

/** Deletes records after their 24 hours. */
export const idempotencyJob = (idempotency: IdempotencyService): Job => ({
  name: 'idempotency-records',
  everyMs: 60_000,
  budgetMs: 20_000,
  run: async () => ({ full: (await idempotency.deleteExpired(BATCH)) === BATCH }),
});
