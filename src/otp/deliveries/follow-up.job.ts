import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { FollowUpService } from './follow-up.service';
import { SlotJobsRepository } from '../slots/slot-jobs.repository';
import { JobRunner, type BatchResult, type CleanupJob } from '../../cleanup/job-runner.service';
import { startMessages } from './start-messages';

const EVERY_MS = 500;

/**
 * Tries the next gateway or channel where a code did not arrive or was not typed in time. A job and not a timer
 * of the process that learnt of it: that one may die, and the slot remembers.
 */
@Injectable()
export class FollowJob {
  private readonly job: CleanupJob = {
    name: 'follow',
    budgetMs: 2_000,
    hasWork: async () => (await this.slots.waiting(await this.slots.now(), 1)).length > 0,
    batch: () => this.batch(),
  };

  constructor(
    private readonly slots: SlotJobsRepository,
    private readonly takeover: FollowUpService,
    private readonly runner: JobRunner,
  ) {}

  @Interval(EVERY_MS)
  run(): Promise<void> {
    return this.runner.run(this.job);
  }

  private batch(): Promise<BatchResult> {
    return startMessages(
      this.takeover.room,
      async (limit) => this.slots.waiting(await this.slots.now(), limit),
      ({ slotId }) => this.takeover.follow(slotId),
    );
  }
}
