/** `npm run bench`: see `options.ts` for what it takes, docs/performance.md for what it found. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { arrivals, type ArrivalKind } from './load/arrivals';
import { CodeFeed } from './load/code-feed';
import { closedLoop, openLoop, type Load, type LoadResult } from './load/drive';
import { Numbers } from './load/numbers';
import { measure, watchRss, type Measurement } from './measure';
import { parseOptions, usage, type BenchOptions } from './options';
import { ratiosIn, renderReport, type MemoryCurve, type Report, type Run, type Versions } from './report';
import { openDatabase, type BenchDatabase } from './rig/database';
import { startSink, startTarget, type Target } from './rig/targets';
import type { Child } from './rig/child';

const RSS_POINTS = 20;

/** Everything that runs while the bench does. */
interface Rig {
  readonly database: BenchDatabase;
  readonly sink: Child;
  readonly feed: CodeFeed;
  readonly numbers: Numbers;
  readonly targets: readonly Target[];
}

/** Undone in reverse order, whatever happened. */
type CleanUp = (() => Promise<void> | void)[];

async function setUp(options: BenchOptions, cleanUp: CleanUp): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'sixdigit-bench-'));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  const database = await openDatabase(folder, process.env['MONGODB_URI'] ?? null);
  cleanUp.push(() => database.close());
  const sink = await startSink(folder);
  cleanUp.push(() => sink.stop());
  const feed = await CodeFeed.open(sink.port);
  cleanUp.push(() => feed.close());
  const sinkUrl = `http://127.0.0.1:${sink.port}/sms`;
  const targets: Target[] = [];
  for (const name of options.targets) {
    const { against, instances } = options;
    const target = await startTarget(name, { folder, database, sinkUrl, against, instances });
    for (const child of target.processes) cleanUp.push(() => child.stop());
    targets.push(target);
  }
  return { database, sink, feed, numbers: new Numbers(), targets };
}

const loadOn = ({ feed, numbers }: Rig, { processes, headers }: Target): Load => ({
  ports: processes.map(({ port }) => port),
  headers,
  feed,
  numbers,
});

const pidsOf = ({ processes }: Target): number[] => processes.map(({ pid }) => pid);

function measureOn(
  rig: Rig,
  target: Target,
  settleSeconds: number,
  run: () => Promise<LoadResult>,
): Promise<Measurement> {
  const pids = { target: pidsOf(target), mongod: rig.database.pid, sink: rig.sink.pid };
  const isCaughtUp = async (): Promise<boolean> => !(await rig.database.hasWaitingEvents(target.database));
  return measure(pids, { seconds: settleSeconds, isCaughtUp }, run);
}

interface Findings {
  readonly runs: Run[];
  readonly memory: MemoryCurve[];
  /** Pairs of the warm-ups, whose texts count too. */
  warm: number;
}

/** One way to load a target for so many seconds. */
interface Drive {
  readonly name: string;
  run(load: Load, seconds: number): Promise<LoadResult>;
}

/** The targets take turns, and who goes first changes from round to round. */
async function measureRounds(rig: Rig, options: BenchOptions, drive: Drive, found: Findings): Promise<void> {
  for (let round = 0; round < options.rounds; round += 1) {
    const first = round % rig.targets.length;
    for (const target of [...rig.targets.slice(first), ...rig.targets.slice(0, first)]) {
      const load = loadOn(rig, target);
      const run = (seconds: number) => (): Promise<LoadResult> => drive.run(load, seconds);
      found.warm += (await measureOn(rig, target, options.settle, run(options.warmup))).pairs;
      const measured = await measureOn(rig, target, options.settle, run(options.seconds));
      found.runs.push({ target: target.name, load: drive.name, ...measured });
      progress(`${drive.name}, round ${round + 1} of ${options.rounds}`, target, measured);
    }
  }
}

/** A long measurement shows how far it is, on standard error. */
function progress(where: string, { name }: Target, { pairsPerSecond, targetCpuMs }: Measurement): void {
  console.error(
    `${where}: ${name} ${pairsPerSecond.toFixed(0)} pairs/s, ${targetCpuMs.toFixed(3)} CPU ms/pair`,
  );
}

const closed = (clients: number): Drive => ({
  name: clients === 1 ? '1 client' : `${clients} clients`,
  run: (load, seconds) => closedLoop(load, { clients, seconds }),
});

const open = (rate: number, kind: ArrivalKind): Drive => ({
  name: `${rate} pairs/s, ${kind}`,
  run: (load, seconds) => openLoop(load, arrivals(rate, seconds, kind)),
});

async function measureMemory(rig: Rig, options: BenchOptions, pairs: number, found: Findings): Promise<void> {
  const clients = options.clients.length === 1 ? (options.clients[0] ?? 32) : 32;
  for (const target of rig.targets) {
    const seen: number[] = [];
    const stop = watchRss(pidsOf(target), 1000, (mb) => seen.push(Math.round(mb)));
    const drive = (): Promise<LoadResult> => closedLoop(loadOn(rig, target), { clients, pairs });
    const measured = await measureOn(rig, target, options.settle, drive).finally(stop);
    found.runs.push({ target: target.name, load: `${pairs} pairs, ${clients} clients`, ...measured });
    const everySeconds = Math.max(1, Math.ceil(seen.length / RSS_POINTS));
    const mb = seen.filter((_, i) => i % everySeconds === 0 || i === seen.length - 1);
    found.memory.push({ target: target.name, everySeconds, mb });
  }
}

function versionsOf(database: BenchDatabase): Versions {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain') === '' ? '' : ' with changes';
  const processors = cpus();
  return {
    commit: git('rev-parse', '--short', 'HEAD') + changed,
    node: process.versions.node,
    mongod: database.version,
    cores: processors.length,
    cpu: processors[0]?.model.trim() ?? 'unknown',
  };
}

async function textsTaken(sink: Child): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${sink.port}/stats`);
  return ((await answer.json()) as { texts: number }).texts;
}

async function bench(options: BenchOptions, cleanUp: CleanUp): Promise<Report> {
  const rig = await setUp(options, cleanUp);
  const found: Findings = { runs: [], memory: [], warm: 0 };
  if (options.pairs !== null) await measureMemory(rig, options, options.pairs, found);
  else if (options.rate !== null) {
    await measureRounds(rig, options, open(options.rate, options.arrivals), found);
  } else {
    for (const clients of options.clients) await measureRounds(rig, options, closed(clients), found);
  }
  const pairs = found.runs.reduce((sum, run) => sum + run.pairs, found.warm);
  const readyMs = Object.fromEntries(
    rig.targets.map(({ name, processes }) => [name, processes[0]?.readyMs ?? 0]),
  );
  return {
    versions: versionsOf(rig.database),
    readyMs,
    runs: found.runs,
    ratios: ratiosIn(found.runs),
    memory: found.memory,
    extraTexts: (await textsTaken(rig.sink)) - pairs,
  };
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) return console.log(usage);
  const options = parseOptions(args);
  const cleanUp: CleanUp = [];
  try {
    const report = await bench(options, cleanUp);
    console.log(options.json ? JSON.stringify(report, null, 2) : renderReport(report));
  } finally {
    for (const undo of cleanUp.reverse()) await undo();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
