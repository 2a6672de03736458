import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { FollowUpService } from './follow-up.service';
import { SlotJobsRepository } from '../slots/slot-jobs.repository';
import { JobRunner, type BatchResult, type CleanupJob } from '../../cleanup/job-runner.service';
import { startMessages } from './start-messages';

const EVERY_MS = 1_000;

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
      async (limit) => this.slots.abandoned(await this.slots.now(), limit),
      ({ slotId, verificationId, deliveryId }) =>
        this.takeover.redispatch(slotId, verificationId, deliveryId),
    );
  }
}
