import type { Job } from '../../common/jobs/job';
import type { SandboxService } from './sandbox.service';

const BATCH = 500;

/** Deletes messages after their hour. */
export const sandboxJob = (sandbox: SandboxService): Job => ({
  name: 'sandbox-messages',
  everyMs: 60_000,
  budgetMs: 20_000,
  run: async () => ({ full: (await sandbox.deleteExpired(BATCH)) === BATCH }),
});
