import type { FollowUpService } from './follow-up.service';
import type { SlotJobsRepository } from '../slots/slot-jobs.repository';
import type { CleanupJob, JobRunner } from '../../cleanup/job-runner.service';
import { RedispatchJob } from './redispatch.job';

describe('re-dispatch after an instance died with many texts', () => {
  // Catches: a job that fills the 1,000 places of this process, so that creates are refused while it lasts.
  it('leaves half the places of this process to new texts', async () => {
    let waiting = 100;
    const address = { slotId: 's', verificationId: 'v', deliveryId: 'd' };
    const slots = {
      now: async () => new Date(),
      abandoned: async (_: Date, limit: number) => Array.from({ length: limit }, () => address),
    };
    const dispatch = {
      get room() {
        return 1_000 - waiting;
      },
      redispatch: async () => (waiting++, 'claimed'),
    };
    const runner = {
      run: async (job: CleanupJob) => {
        for (let round = 0; round < 20; round++) if (!(await job.batch({} as never)).full) break;
      },
    };
    await new RedispatchJob(
      slots as unknown as SlotJobsRepository,
      dispatch as unknown as FollowUpService,
      runner as unknown as JobRunner,
    ).run();
    expect(waiting).toBe(500);
  });
});
