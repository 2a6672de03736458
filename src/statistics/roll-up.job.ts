import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { JobRunner, type BatchResult, type CleanupJob } from '../cleanup/job-runner.service';
import { RollUpService } from './roll-up.service';

const EVERY_MS = 10_000;
/** A tenth of the time at most, however many hours of however many applications have changed. */
const BUDGET_MS = 1_000;
/** Longer than the count of the busiest hour takes, which is one batch: nine million verifications in one hour. */
const LEASE_MS = 120_000;

/** Keeps the statistics up to date, the longest waiting hour first. */
@Injectable()
export class RollUpJob {
  private readonly job: CleanupJob = {
    name: 'statistics',
    budgetMs: BUDGET_MS,
    leaseMs: LEASE_MS,
    hasWork: async () => (await this.rollUp.waiting({}, 1)).length > 0,
    batch: () => this.batch(),
  };

  constructor(
    private readonly rollUp: RollUpService,
    private readonly runner: JobRunner,
  ) {}

  @Interval(EVERY_MS)
  run(): Promise<void> {
    return this.runner.run(this.job);
  }

  private async batch(): Promise<BatchResult> {
    const [hour] = await this.rollUp.waiting({}, 1);
    if (!hour) return { full: false };
    await this.rollUp.count(hour);
    return { full: true, oldest: hour.changedAt };
  }
}
