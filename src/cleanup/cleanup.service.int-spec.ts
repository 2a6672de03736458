import { jobInstance, jobsApp, jobsAppWith, within } from '../../test/support/job-instance';
import { useDatabase } from '../../test/support/mongo';
import type { InstanceJob, Job } from '../common/jobs/job';
import { CleanupService } from './cleanup.service';
import { CleanupStatus } from './cleanup-status';

describe('scheduled work', () => {
  const test = useDatabase();
  beforeEach(() => test.durableDb.collection('leases').deleteMany({}));

  /** A job that counts its batches. */
  const counting = (change: Partial<Job> = {}) => {
    const counter = { batches: 0 };
    const run = async () => ({ full: ++counter.batches < 0 });
    return { counter, job: { name: 'a', everyMs: 50, budgetMs: 1_000, run, ...change } satisfies Job };
  };
  const leaseCount = () => test.durableDb.collection('leases').countDocuments();

  it('comes again and again from within its first interval, until the application closes', async () => {
    const { counter, job } = counting();
    const app = await jobsApp(test, job);
    expect(app.get(CleanupStatus).report()).toMatchObject([{ name: 'a', lagSeconds: 0 }]);
    await within(2_000, () => counter.batches >= 3);
    await app.close();
    const { batches } = counter;
    await later(200);
    expect(counter.batches).toBe(batches);
  });

  // Catches: a shutdown that leaves the lease to run out, and holds the next instance up meanwhile.
  it('ends after the batch that is under way when the application closes, and gives the lease back', async () => {
    let batches = 0;
    const run = async () => (await later(100), batches++, { full: true });
    const app = await jobsApp(test, { name: 'a', everyMs: 20, budgetMs: 60_000, run });
    await within(2_000, () => batches >= 1);
    const before = batches;
    await app.close();
    expect(batches).toBeLessThanOrEqual(before + 2);
    const { batches: again } = await oneRun();
    expect(again).toBe(1);
  });

  async function oneRun() {
    const { counter, job } = counting();
    await jobInstance(test).runner.run(job);
    return counter;
  }

  it('is done by one instance at a time', async () => {
    let running = 0;
    let most = 0;
    const run = async () => {
      most = Math.max(most, ++running);
      await later(50);
      running--;
      return { full: false };
    };
    const job: Job = { name: 'a', everyMs: 50, budgetMs: 5_000, run };
    await Promise.all(Array.from({ length: 4 }, () => jobInstance(test).runner.run(job)));
    expect(most).toBe(1);
  });

  // Catches: waiting for a lease where the work is on what each process has in its own memory.
  it('is done by every instance when it concerns each of them', async () => {
    let runs = 0;
    const run = async () => {
      await later(50);
      runs++;
    };
    const job: InstanceJob = { name: 'a', everyMs: 50, everyInstance: true, run };
    await Promise.all(Array.from({ length: 4 }, () => jobInstance(test).runner.run(job)));
    expect(runs).toBe(4);
    expect(await leaseCount()).toBe(0);
  });

  it('writes nothing while there is nothing to do', async () => {
    const { counter, job } = counting({ hasWork: () => Promise.resolve(false) });
    await jobInstance(test).runner.run(job);
    expect(counter.batches).toBe(0);
    expect(await leaseCount()).toBe(0);
  });

  it('goes on while batches are full, as long as its time lasts, and then shows since when work waits', async () => {
    const oldest = new Date(Date.now() - 60_000);
    let batches = 0;
    const run = async () => (await later(20), batches++, { full: true, oldest });
    const { runner, status } = jobInstance(test);
    await runner.run({ name: 'a', everyMs: 1_000, budgetMs: 150, run });
    expect(batches).toBeGreaterThan(2);
    expect(batches).toBeLessThan(9);
    expect(status.report()[0]!.lagSeconds).toBeGreaterThan(59);
  });

  // Catches: a lease that is not renewed; another instance would begin in the middle of a run.
  it('keeps its lease over a run that takes longer', async () => {
    const [first, second] = [jobInstance(test), jobInstance(test)];
    const run = async () => (await later(50), { full: true });
    const long = first.runner.run({ name: 'a', everyMs: 1_000, budgetMs: 1_200, leaseMs: 400, run });
    await later(900);
    expect(await second.leases.acquire('a', 400)).toBeNull();
    await long;
    expect(await second.leases.acquire('a', 400)).not.toBeNull();
  });

  // Catches: going on with the work that another instance has begun meanwhile.
  it('stops when another instance has taken over', async () => {
    const [first, second] = [jobInstance(test), jobInstance(test)];
    let batches = 0;
    const run = async () => {
      batches++;
      await later(300);
      await second.leases.acquire('a', 60_000);
      return { full: true };
    };
    await first.runner.run({ name: 'a', everyMs: 1_000, budgetMs: 5_000, leaseMs: 200, run });
    expect(batches).toBe(1);
  });

  // Catches: a switch that also stops what only this process can do, such as reading block lists again.
  it('is left to others where the scheduler is off, but for what each instance keeps in its memory', async () => {
    const { counter, job } = counting({ everyMs: 5 });
    let runs = 0;
    const own: InstanceJob = {
      name: 'own',
      everyMs: 5,
      everyInstance: true,
      run: async () => {
        runs++;
      },
    };
    const app = await jobsAppWith({ isOn: false }, test, [job, own]);
    await within(2_000, () => runs >= 5);
    expect(counter.batches).toBe(0);
    expect(app.get(CleanupStatus).report()).toMatchObject([{ name: 'own' }]);
    await app.get(CleanupService).runOnce();
    expect(counter.batches).toBe(1);
    await app.close();
  });

  describe('all at once', () => {
    it('goes round until nothing is due, whatever the intervals and budgets say', async () => {
      const left = { copy: 0, expire: 3 };
      const step = (name: keyof typeof left, done: () => void = () => undefined): Job => ({
        name,
        everyMs: 3_600_000,
        budgetMs: 0,
        hasWork: () => Promise.resolve(left[name] > 0),
        run: async () => (left[name]--, done(), { full: left[name] > 0 }),
      });
      const app = await jobsApp(
        test,
        step('copy'),
        step('expire', () => left.copy++),
      );
      expect(await app.get(CleanupService).runOnce()).toEqual([]);
      await app.close();
      expect(left).toEqual({ copy: 0, expire: 0 });
    });

    it('ends, and names what is still due, when a job fails or another instance has it', async () => {
      const hasWork = () => Promise.resolve(true);
      const fails = { name: 'fails', run: () => Promise.reject(new Error('x')), hasWork };
      const held = counting({ name: 'held', everyMs: 3_600_000, hasWork });
      await jobInstance(test).leases.acquire('held', 2_000);
      const app = await jobsApp(test, { ...fails, everyMs: 3_600_000, budgetMs: 1_000 }, held.job);
      expect(await app.get(CleanupService).runOnce()).toEqual(['fails', 'held']);
      await app.close();
      expect(held.counter.batches).toBe(0);
    });
  });
});

const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
