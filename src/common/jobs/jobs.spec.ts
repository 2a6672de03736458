import { Jobs } from './jobs';
import type { InstanceJob } from './job';

const job = (name: string): InstanceJob => ({
  name,
  everyMs: 1_000,
  everyInstance: true,
  run: () => Promise.resolve(),
});

describe('the list of jobs', () => {
  it('keeps what features add, in the order of adding', () => {
    const jobs = new Jobs();
    jobs.add(job('a'), job('b'));
    jobs.add(job('c'));
    expect(jobs.all.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  // Catches: a second job that never runs, because the first one has its lease.
  it('refuses a second job of the same name', () => {
    const jobs = new Jobs();
    jobs.add(job('a'));
    expect(() => jobs.add(job('a'))).toThrow('two jobs named a');
  });
});
