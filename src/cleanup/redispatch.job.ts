import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { TakeoverService } from '../otp/deliveries/takeover.service';
import { SlotJobsRepository } from '../otp/slot/slot-jobs.repository';
import { JobRunner, type BatchResult, type CleanupJob } from './job-runner.service';

const EVERY_MS = 1_000;
const BATCH = 100;
/** Each becomes a text that waits in this process: half the places stay for new ones, which are refused without. */
const KEPT_FREE = 500;

/**
 * Picks up deliveries whose sender died or gave up: their lease ran out. Whether one is attempted again or
 * given up is decided in the slot, atomically; two instances cannot both take it.
 */
@Injectable()
export class RedispatchJob {
  private readonly job: CleanupJob = {
    name: 'redispatch',
    // Short, and with it the lease: an instance killed in here holds others up for 4 s.
    budgetMs: 2_000,
    hasWork: async () => (await this.slots.abandoned(await this.slots.now(), 1)).length > 0,
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
    const abandoned = await this.slots.abandoned(await this.slots.now(), limit);
    const results = await Promise.allSettled(
      abandoned.map(({ slotId, verificationId, deliveryId }) =>
        this.takeover.redispatch(slotId, verificationId, deliveryId),
      ),
    );
    const failure = results.find((result) => result.status === 'rejected');
    // One that fails must not keep the others from their turn, but it must show.
    if (failure) throw failure.reason;
    return { full: abandoned.length >= limit };
  }
}
