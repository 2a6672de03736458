import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { TakeoverService } from '../otp/deliveries/takeover.service';
import { SlotJobsRepository } from '../otp/slot/slot-jobs.repository';
import { JobRunner, type BatchResult, type CleanupJob } from './job-runner.service';

const EVERY_MS = 500;
const BATCH = 100;
/** As in `redispatch.job.ts`: half the places stay for new texts. */
const KEPT_FREE = 500;

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
    private readonly takeover: TakeoverService,
    private readonly runner: JobRunner,
  ) {}

  @Interval(EVERY_MS)
  run(): Promise<void> {
    return this.runner.run(this.job);
  }

  private async batch(): Promise<BatchResult> {
    const limit = Math.min(BATCH, this.takeover.room - KEPT_FREE);
    if (limit <= 0) return { full: false };
    const waiting = await this.slots.waiting(await this.slots.now(), limit);
    const results = await Promise.allSettled(waiting.map(({ slotId }) => this.takeover.follow(slotId)));
    const failure = results.find((result) => result.status === 'rejected');
    // One that fails must not keep the others from their turn, but it must show.
    if (failure) throw failure.reason;
    return { full: waiting.length >= limit };
  }
}
