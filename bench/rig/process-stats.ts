import { readFile } from 'node:fs/promises';

/** Linux reports CPU time to programs in units of 1/100 s (USER_HZ), whatever the kernel ticks at. */
const MS_PER_TICK = 10;

/** CPU time of a process so far, user and system, in ms: from the text of /proc/<pid>/stat. */
export function parseCpuMs(stat: string): number {
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [utime, stime] = [Number(fields[11]), Number(fields[12])];
  if (!Number.isFinite(utime) || !Number.isFinite(stime)) throw new Error('not the text of /proc/<pid>/stat');
  return (utime + stime) * MS_PER_TICK;
}

/** Resident memory in MB: from the text of /proc/<pid>/status. */
export function parseRssMb(status: string): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kb === undefined) throw new Error('not the text of /proc/<pid>/status');
  return Math.round(Number(kb) / 102.4) / 10;
}

export const cpuMs = async (pid: number): Promise<number> =>
  parseCpuMs(await readFile(`/proc/${pid}/stat`, 'utf8'));

export const rssMb = async (pid: number): Promise<number> =>
  parseRssMb(await readFile(`/proc/${pid}/status`, 'utf8'));
