import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadResult } from './load/drive';
import { cpuMs, rssMb } from './rig/process-stats';

/** The processes of one run. `mongod` null: not ours, cannot be read. */
export interface Pids {
  readonly target: number;
  readonly mongod: number | null;
  readonly sink: number;
}

export interface Measurement extends LoadResult {
  readonly pairsPerSecond: number;
  /** CPU ms per pair over the run and its settle time; null when it could not be read. */
  readonly targetCpuMs: number;
  readonly mongodCpuMs: number | null;
  /** Share of one core that the load itself took: near 1, and the generator is the bottleneck. */
  readonly generatorShare: number;
  readonly sinkShare: number;
  /** Resident memory of the target after the run, in MB. */
  readonly rssMb: number;
}

interface CpuSample {
  readonly target: number;
  readonly mongod: number | null;
  readonly sink: number;
  readonly generator: number;
}

async function sample(pids: Pids): Promise<CpuSample> {
  const { user, system } = process.cpuUsage();
  return {
    target: await cpuMs(pids.target),
    mongod: pids.mongod === null ? null : await cpuMs(pids.mongod),
    sink: await cpuMs(pids.sink),
    generator: (user + system) / 1000,
  };
}

const round = (value: number, digits = 3): number => Number(value.toFixed(digits));

/** Runs the load between two readings of everybody's CPU time. */
export async function measure(
  pids: Pids,
  settle: number,
  run: () => Promise<LoadResult>,
): Promise<Measurement> {
  const before = await sample(pids);
  const result = await run();
  const busy = await sample(pids);
  // What the run left to background work (the drain) belongs to its pairs.
  await sleep(settle * 1000);
  const after = await sample(pids);
  const perPair = (ms: number): number => round(ms / result.pairs);
  const share = (ms: number): number => round(ms / (result.seconds * 1000), 2);
  return {
    ...result,
    seconds: round(result.seconds, 2),
    pairsPerSecond: Math.round(result.pairs / result.seconds),
    targetCpuMs: perPair(after.target - before.target),
    mongodCpuMs: after.mongod === null ? null : perPair(after.mongod - (before.mongod ?? 0)),
    generatorShare: share(busy.generator - before.generator),
    sinkShare: share(busy.sink - before.sink),
    rssMb: await rssMb(pids.target),
  };
}

/** Calls back with the resident memory in MB every `everyMs` until stopped. */
export function watchRss(pid: number, everyMs: number, seen: (mb: number) => void): () => void {
  const timer = setInterval(() => {
    rssMb(pid).then(seen, () => undefined);
  }, everyMs);
  return () => clearInterval(timer);
}
