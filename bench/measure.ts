import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadResult } from './load/drive';
import { cpuMs, rssMb } from './rig/process-stats';

/** The processes of one run. `mongod` null: not ours, cannot be read. */
export interface Pids {
  readonly target: readonly number[];
  readonly mongod: number | null;
  readonly sink: number;
}

/** How the work that a run left behind is awaited. */
export interface Settling {
  /** No longer than this. */
  readonly seconds: number;
  isCaughtUp(): Promise<boolean>;
}

export interface Measurement extends LoadResult {
  readonly pairsPerSecond: number;
  /** CPU ms per pair over the run and what it left behind. */
  readonly targetCpuMs: number;
  readonly mongodCpuMs: number | null;
  /** Share of one core that the load itself took: near 1, and the generator is the bottleneck. */
  readonly generatorShare: number;
  readonly sinkShare: number;
  /** Resident memory of the target after the run, in MB. */
  readonly rssMb: number;
  /** From the end of the run until nothing waited; null when something still did at the limit. */
  readonly settleSeconds: number | null;
}

interface CpuSample {
  readonly target: number;
  readonly mongod: number | null;
  readonly sink: number;
  readonly generator: number;
}

/** What rides along starts a batch of its own after 20 ms: by the first look it has. */
const LOOK_EVERY_MS = 250;

async function sumOf(pids: readonly number[], read: (pid: number) => Promise<number>): Promise<number> {
  return (await Promise.all(pids.map(read))).reduce((sum, value) => sum + value, 0);
}

/** Of all processes of a target together. */
export const rssOf = (pids: readonly number[]): Promise<number> => sumOf(pids, rssMb);

async function sample(pids: Pids): Promise<CpuSample> {
  const { user, system } = process.cpuUsage();
  return {
    target: await sumOf(pids.target, cpuMs),
    mongod: pids.mongod === null ? null : await cpuMs(pids.mongod),
    sink: await cpuMs(pids.sink),
    generator: (user + system) / 1000,
  };
}

interface Settled {
  readonly after: CpuSample;
  readonly settleSeconds: number | null;
}

/** The sample is taken before each look, so that what the last one costs the database is not charged to the pairs. */
async function settle(pids: Pids, { seconds, isCaughtUp }: Settling): Promise<Settled> {
  const start = performance.now();
  for (;;) {
    await sleep(LOOK_EVERY_MS);
    const after = await sample(pids);
    const settleSeconds = round((performance.now() - start) / 1000, 2);
    if (await isCaughtUp()) return { after, settleSeconds };
    if (settleSeconds >= seconds) return { after, settleSeconds: null };
  }
}

const round = (value: number, digits = 3): number => Number(value.toFixed(digits));

/** Runs the load between two readings of everybody's CPU time. */
export async function measure(
  pids: Pids,
  settling: Settling,
  run: () => Promise<LoadResult>,
): Promise<Measurement> {
  const before = await sample(pids);
  const result = await run();
  const busy = await sample(pids);
  const { after, settleSeconds } = await settle(pids, settling);
  const perPair = (ms: number): number => round(ms / result.pairs);
  const share = (ms: number): number => round(ms / (result.seconds * 1000), 2);
  return {
    ...result,
    seconds: round(result.seconds, 2),
    pairsPerSecond: round(result.pairs / result.seconds, 1),
    targetCpuMs: perPair(after.target - before.target),
    mongodCpuMs: after.mongod === null ? null : perPair(after.mongod - (before.mongod ?? 0)),
    generatorShare: share(busy.generator - before.generator),
    sinkShare: share(busy.sink - before.sink),
    rssMb: round(await rssOf(pids.target), 1),
    settleSeconds,
  };
}

/** Calls back with the target's resident memory in MB every `everyMs` until stopped. */
export function watchRss(pids: readonly number[], everyMs: number, seen: (mb: number) => void): () => void {
  const timer = setInterval(() => {
    rssOf(pids).then(seen, () => undefined);
  }, everyMs);
  return () => clearInterval(timer);
}
