import { Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { IdempotencyService } from '../otp/verifications/idempotency/idempotency.service';
import { SandboxService } from '../sms/sandbox/sandbox.service';
import { JobRunner, type CleanupJob } from './job-runner.service';

const BATCH = 500;
const BUDGET_MS = 20_000;

/** Deletes what lives for hours only: idempotency records (24 h) and sandbox messages (1 h). */
@Injectable()
export class TransientJob {
  private readonly jobs: CleanupJob[] = [
    {
      name: 'idempotency-records',
      budgetMs: BUDGET_MS,
      batch: async () => ({ full: (await this.idempotency.deleteExpired(BATCH)) === BATCH }),
    },
    {
      name: 'sandbox-messages',
      budgetMs: BUDGET_MS,
      batch: async () => ({ full: (await this.sandbox.deleteExpired(BATCH)) === BATCH }),
    },
  ];

  constructor(
    private readonly idempotency: IdempotencyService,
    private readonly sandbox: SandboxService,
    private readonly runner: JobRunner,
  ) {}

  @Cron('30 * * * * *')
  async run(): Promise<void> {
    for (const job of this.jobs) await this.runner.run(job);
  }
}
