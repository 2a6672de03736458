import type { Job } from '../../../common/jobs/job';
import type { LeaseRepository } from '../../../common/mongo/lease.repository';
import type { PagePosition } from '../../../common/page-cursor';
import type { ReadModelRepository } from './read-model.repository';

const EVERY_MS = 600_000;
const BUDGET_MS = 30_000;
const BATCH = 500;
const KEEP_DAYS = 400;
/** After the life of any code: verifications are walked through by creation, and live 30 days at most. */
const RECIPIENT_DAYS = 31;
const RECIPIENTS = 'recipient-removal';

/** Delete what has been kept long enough: verifications, and before that the keyed index of their recipients. */
export function readModelRetentionJobs(
  readModel: Pick<ReadModelRepository, 'deleteOlderThan' | 'removeRecipients'>,
  leases: Pick<LeaseRepository, 'bookmark' | 'saveBookmark'>,
): Job[] {
  return [
    {
      name: 'read-model-retention',
      everyMs: EVERY_MS,
      budgetMs: BUDGET_MS,
      run: async () => ({ full: (await readModel.deleteOlderThan(KEEP_DAYS, BATCH)) === BATCH }),
    },
    {
      name: RECIPIENTS,
      everyMs: EVERY_MS,
      budgetMs: BUDGET_MS,
      // Goes on where the last run ended: the entries before have no recipient any more.
      run: async (lease) => {
        const from = (await leases.bookmark(RECIPIENTS)) as PagePosition | null;
        const { done, last } = await readModel.removeRecipients(RECIPIENT_DAYS, from, BATCH);
        if (done > 0) await leases.saveBookmark(lease, last);
        return { full: done === BATCH };
      },
    },
  ];
}
