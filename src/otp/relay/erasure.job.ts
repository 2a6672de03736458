import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ReadModelService } from './read-model/read-model.service';
import { SlotJobsRepository } from '../slots/slot-jobs.repository';
import { JobRunner, type BatchResult, type CleanupJob } from '../../cleanup/job-runner.service';

const EVERY_MS = 5_000;
const BATCH = 500;

/** Removes personal data and tombstones 24 hours after the end, and tidies whatever else is due in a slot. */
@Injectable()
export class ForgetJob {
  private readonly job: CleanupJob = {
    name: 'forget',
    budgetMs: 4_000,
    hasWork: async () => (await this.slots.untidy(await this.slots.now(), 1)).length > 0,
    batch: () => this.batch(),
  };

  constructor(
    private readonly slots: SlotJobsRepository,
    private readonly history: ReadModelService,
    private readonly runner: JobRunner,
  ) {}

  @Interval(EVERY_MS)
  run(): Promise<void> {
    return this.runner.run(this.job);
  }

  private async batch(): Promise<BatchResult> {
    const untidy = await this.slots.untidy(await this.slots.now(), BATCH);
    // The copy first: the slot is what remembers that the copy still has to be erased.
    await this.history.erasePersonal(untidy.flatMap((slot) => slot.forgettable));
    await this.slots.tidy(
      untidy.map(({ slotId, forgettable }) => ({ slotId, constants: { erased: forgettable } })),
    );
    return { full: untidy.length === BATCH };
  }
}
