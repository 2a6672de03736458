/** What measured values mean. */
import type { Finding } from './finding';
import { about } from './finding';

const CLOCK_OK_MS = 1_000;
const CLOCK_LIMIT_MS = 30_000;
const SLOW_MS = 20;
const TOO_SLOW_MS = 200;
const GB = 2 ** 30;

/**
 * @param offsetMs how far their clock is ahead of ours
 * @param uncertainMs how much of that the way there may be
 */
export function judgeClock(whose: string, offsetMs: number, uncertainMs: number): Finding {
  const clock = about('clock');
  const least = Math.max(0, Math.abs(offsetMs) - uncertainMs);
  const words = `this machine's clock is ${inSeconds(offsetMs)} ${offsetMs >= 0 ? 'behind' : 'ahead of'} ${whose}`;
  if (least <= CLOCK_OK_MS) return clock.ok(`agrees with ${whose}`);
  const remedy =
    'run NTP on both: API keys end, ring keys sign and receipts grow old by the clock of this machine';
  return least <= CLOCK_LIMIT_MS
    ? clock.warning(`${words}; ${remedy}`)
    : clock.problem(`${words}; ${remedy}`);
}

/** @param millis of round trips of a small command */
export function judgeLatency(millis: readonly number[]): Finding {
  const median = [...millis].sort((a, b) => a - b)[Math.floor(millis.length / 2)] ?? 0;
  const words = `answers in ${median.toFixed(1)} ms`;
  if (median <= SLOW_MS) return about('database').ok(words);
  const remedy = 'each call waits for it several times: bring server and database into one place';
  return about('database')[median <= TOO_SLOW_MS ? 'warning' : 'problem'](`${words}; ${remedy}`);
}

/** @param freeBytes of the file system with the data of the embedded MongoDB */
export function judgeDisk(folder: string, freeBytes: number): Finding {
  const words = `${(freeBytes / GB).toFixed(1)} GB are free for ${folder}`;
  if (freeBytes >= 4 * GB) return about('disk').ok(words);
  const remedy = 'MongoDB stops when the disk is full: make room';
  return about('disk')[freeBytes >= GB / 2 ? 'warning' : 'problem'](`${words}; ${remedy}`);
}

/** @param served connections that the descriptors suffice for */
export function judgeDescriptors(descriptors: number, wanted: number, served: number): Finding {
  const files = about('open files');
  if (served >= wanted)
    return files.ok(`${descriptors} are enough for ${wanted} connections (MAX_CONNECTIONS)`);
  return files.warning(
    `the system lets a process open ${descriptors}, which makes ${served} connections instead of ${wanted}: raise ` +
      'ulimit -n to twice MAX_CONNECTIONS',
  );
}

function inSeconds(ms: number): string {
  return `${(Math.abs(ms) / 1_000).toFixed(1)} s`;
}
