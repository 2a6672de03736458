import type { AuditSettings } from '../../config/settings';
import type { Job } from '../common/jobs/job';
import type { AuditService } from './audit.service';

const BATCH = 500;

/** Deletes audit events that have been kept long enough. */
export const auditRetentionJob = (log: AuditService, { retentionDays }: AuditSettings): Job => ({
  name: 'audit-retention',
  everyMs: 600_000,
  budgetMs: 30_000,
  run: async () => ({ full: (await log.deleteOlderThan(retentionDays, BATCH)) === BATCH }),
});
