import { Logger } from '@nestjs/common';
import { systemClock } from '../common/clock';
import type { Job } from '../common/jobs/job';
import type { Lease, LeaseRepository } from '../common/mongo/lease.repository';
import { CleanupStatus } from './cleanup-status';
import { JobRunner } from './job-runner.service';

const lease: Lease = { name: 'work', owner: 'me', n: 1, lengthMs: 1_000, endsAt: 1_000 };
const leases = {
  acquire: () => Promise.resolve(lease),
  release: () => Promise.resolve(),
} as unknown as LeaseRepository;
const never = new Promise<never>(() => undefined);

describe('a job that never ends', () => {
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  // Catches: waiting for a command that the driver never answers. The job would not run again in this process.
  it.each(['hasWork', 'run'] as const)('is given up after five minutes and runs again: %s', async (step) => {
    const status = new CleanupStatus(systemClock);
    const runner = new JobRunner(leases, status, systemClock);
    let hangs = true;
    const answer = <T>(name: string, value: T): Promise<T> =>
      hangs && name === step ? never : Promise.resolve(value);
    const job: Job = {
      name: 'work',
      everyMs: 1_000,
      budgetMs: 1_000,
      hasWork: () => answer('hasWork', true),
      run: () => answer('run', { full: false }),
    };
    const hanging = runner.run(job);
    await jest.advanceTimersByTimeAsync(300_000);
    await hanging;
    expect(status.report()[0]?.lastError).toBe('MongoNetworkTimeoutError');
    hangs = false;
    await runner.run(job);
    expect(status.report()[0]?.lastError).toBeNull();
  });
});

describe('a job whose work must wait', () => {
  // Catches: an event sink in its pause that is called all the same, or whose lag reads 0 meanwhile.
  it('is not run, and shows since when its work waits', async () => {
    const status = new CleanupStatus({ now: () => 90_000, monotonic: () => 0 });
    const runner = new JobRunner(leases, status, systemClock);
    const run = jest.fn();
    const hasWork = () => Promise.resolve(new Date(30_000));
    await runner.run({ name: 'work', everyMs: 1_000, budgetMs: 1_000, hasWork, run });
    expect(run).not.toHaveBeenCalled();
    expect(status.report()).toMatchObject([{ name: 'work', lagSeconds: 60, lastError: null }]);
  });
});
