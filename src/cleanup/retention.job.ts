import { Inject, Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { AuditSettings } from '../../config/settings';
import { AuditLogService } from '../audit/audit-log.service';
import type { Lease } from '../common/mongo/lease.repository';
import { LeaseRepository } from '../common/mongo/lease.repository';
import type { PagePosition } from '../common/page-cursor';
import { ReadModelService } from '../otp/relay/read-model/read-model.service';
import { JobRunner, type BatchResult, type CleanupJob } from './job-runner.service';

const BATCH = 500;
const BUDGET_MS = 30_000;
const HISTORY_DAYS = 400;
/** 30 days after the end: verifications are walked through by creation, and live 24 hours at most. */
const RECIPIENT_DAYS = 31;
const RECIPIENTS = 'recipient-removal';

/** Deletes what has been kept long enough: audit events, verifications, and the keyed index of recipients. */
@Injectable()
export class RetentionJob {
  private readonly jobs: CleanupJob[] = [
    { name: 'audit-retention', budgetMs: BUDGET_MS, batch: () => this.auditEvents() },
    { name: 'history-retention', budgetMs: BUDGET_MS, batch: () => this.verifications() },
    { name: RECIPIENTS, budgetMs: BUDGET_MS, batch: (lease) => this.recipients(lease) },
  ];

  constructor(
    private readonly log: AuditLogService,
    private readonly history: ReadModelService,
    private readonly leases: LeaseRepository,
    private readonly runner: JobRunner,
    @Inject(AuditSettings) private readonly settings: AuditSettings,
  ) {}

  /** Every ten minutes, one after the other: they are in no hurry and should not compete. */
  @Cron('0 */10 * * * *')
  async run(): Promise<void> {
    for (const job of this.jobs) await this.runner.run(job);
  }

  private async auditEvents(): Promise<BatchResult> {
    return { full: (await this.log.deleteOlderThan(this.settings.retentionDays, BATCH)) === BATCH };
  }

  private async verifications(): Promise<BatchResult> {
    return { full: (await this.history.deleteOlderThan(HISTORY_DAYS, BATCH)) === BATCH };
  }

  /** Goes on where the last run ended: the entries before have no recipient any more. */
  private async recipients(lease: Lease): Promise<BatchResult> {
    const from = (await this.leases.bookmark(RECIPIENTS)) as PagePosition | null;
    const { done, last } = await this.history.removeRecipients(RECIPIENT_DAYS, from, BATCH);
    if (done > 0) await this.leases.saveBookmark(lease, last);
    return { full: done === BATCH };
  }
}
