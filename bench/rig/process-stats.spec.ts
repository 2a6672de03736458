import { cpuMs, parseCpuMs, parseRssMb, rssMb } from './process-stats';

const stat =
  '4242 (node (v20) x) S 1 4242 4242 0 -1 4194560 5400 0 0 0 123 45 6 7 20 0 11 0 98765 1000000 12000 18446744073709551615 1 1';

describe('CPU time from /proc', () => {
  it('adds user and system time, whatever the program is called', () => {
    expect(parseCpuMs(stat)).toBe(1680);
  });

  it('refuses another text', () => {
    expect(() => parseCpuMs('no such process')).toThrow('/proc/<pid>/stat');
  });

  it('grows with the work of this process', async () => {
    const before = await cpuMs(process.pid);
    const end = performance.now() + 60;
    while (performance.now() < end);
    expect(await cpuMs(process.pid)).toBeGreaterThan(before);
  });
});

describe('resident memory from /proc', () => {
  it('is told in MB', () => {
    expect(parseRssMb('Name:\tnode\nVmRSS:\t  256000 kB\nThreads:\t11\n')).toBe(250);
  });

  it('can be read for this process', async () => {
    expect(await rssMb(process.pid)).toBeGreaterThan(10);
  });
});
