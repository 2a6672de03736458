import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { SlotJobsRepository } from './slot-jobs.repository';
import { JobRunner, type BatchResult, type CleanupJob } from '../../cleanup/job-runner.service';

const EVERY_MS = 1_000;
const BATCH = 500;

/** Writes down that verifications have expired. They read as expired before that; this removes their codes. */
@Injectable()
export class ExpiryJob {
  private readonly job: CleanupJob = {
    name: 'expiry',
    budgetMs: 4_000,
    hasWork: async () => (await this.slots.overdue(await this.slots.now(), 1)).length > 0,
    batch: () => this.batch(),
  };

  constructor(
    private readonly slots: SlotJobsRepository,
    private readonly runner: JobRunner,
  ) {}

  @Interval(EVERY_MS)
  run(): Promise<void> {
    return this.runner.run(this.job);
  }

  private async batch(): Promise<BatchResult> {
    const overdue = await this.slots.overdue(await this.slots.now(), BATCH);
    await this.slots.expire(overdue.map((slot) => slot.slotId));
    return { full: overdue.length === BATCH, oldest: overdue[0]?.expiresAt };
  }
}
