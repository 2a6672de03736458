/** `npm run bench`: see `options.ts` for what it takes, docs/performance.md for what it found. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { arrivals } from './load/arrivals';
import { CodeFeed } from './load/code-feed';
import { closedLoop, openLoop, type Load, type LoadResult } from './load/drive';
import { Numbers } from './load/numbers';
import { measure, watchRss, type Measurement } from './measure';
import { parseOptions, usage, type BenchOptions } from './options';
import { ratioOf, renderReport, type Ratio, type Report, type Run, type Versions } from './report';
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
    const target = await startTarget(name, { folder, database, sinkUrl, against: options.against });
    cleanUp.push(() => target.process.stop());
    targets.push(target);
  }
  return { database, sink, feed, numbers: new Numbers(), targets };
}

const loadOn = ({ feed, numbers }: Rig, { process, headers }: Target): Load => ({
  port: process.port,
  headers,
  feed,
  numbers,
});

function measureOn(
  rig: Rig,
  target: Target,
  settle: number,
  run: () => Promise<LoadResult>,
): Promise<Measurement> {
  const pids = { target: target.process.pid, mongod: rig.database.pid, sink: rig.sink.pid };
  return measure(pids, settle, run);
}

interface Findings {
  readonly runs: Run[];
  readonly ratios: Ratio[];
  readonly rss: number[];
}

async function measureClosed(rig: Rig, options: BenchOptions, found: Findings): Promise<void> {
  const both = rig.targets.length > 1;
  for (const clients of options.clients) {
    const load = `${clients} clients`;
    const byTarget = new Map<string, Measurement[]>();
    for (let round = 0; round < (both ? options.rounds : 1); round += 1) {
      // Who goes first changes from round to round.
      for (const target of round % 2 === 0 ? rig.targets : [...rig.targets].reverse()) {
        const drive = (): Promise<LoadResult> =>
          closedLoop(loadOn(rig, target), { clients, seconds: options.seconds });
        const measured = await measureOn(rig, target, options.settle, drive);
        found.runs.push({ target: target.name, load, ...measured });
        byTarget.set(target.name, [...(byTarget.get(target.name) ?? []), measured]);
      }
    }
    for (const [name, other] of byTarget) {
      if (name !== 'app') found.ratios.push(ratioOf(load, byTarget.get('app') ?? [], other, name));
    }
  }
}

async function measureOpen(rig: Rig, options: BenchOptions, rate: number, found: Findings): Promise<void> {
  for (const target of rig.targets) {
    const schedule = arrivals(rate, options.seconds, options.arrivals);
    const measured = await measureOn(rig, target, options.settle, () =>
      openLoop(loadOn(rig, target), schedule),
    );
    found.runs.push({ target: target.name, load: `${rate} pairs/s, ${options.arrivals}`, ...measured });
  }
}

async function measureMemory(rig: Rig, options: BenchOptions, pairs: number, found: Findings): Promise<void> {
  const clients = options.clients.length === 1 ? (options.clients[0] ?? 32) : 32;
  for (const target of rig.targets) {
    const seen: number[] = [];
    const stop = watchRss(target.process.pid, 1000, (mb) => seen.push(mb));
    const drive = (): Promise<LoadResult> => closedLoop(loadOn(rig, target), { clients, pairs });
    const measured = await measureOn(rig, target, options.settle, drive).finally(stop);
    found.runs.push({ target: target.name, load: `${pairs} pairs, ${clients} clients`, ...measured });
    const step = Math.max(1, Math.ceil(seen.length / RSS_POINTS));
    found.rss.push(...seen.filter((_, i) => i % step === 0 || i === seen.length - 1));
  }
}

async function warmUp(rig: Rig, options: BenchOptions): Promise<number> {
  let pairs = 0;
  for (const target of rig.targets) {
    pairs += (await closedLoop(loadOn(rig, target), { clients: 16, seconds: options.warmup })).pairs;
  }
  return pairs;
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
  const found: Findings = { runs: [], ratios: [], rss: [] };
  const warm = await warmUp(rig, options);
  if (options.pairs !== null) await measureMemory(rig, options, options.pairs, found);
  else if (options.rate !== null) await measureOpen(rig, options, options.rate, found);
  else await measureClosed(rig, options, found);
  const pairs = found.runs.reduce((sum, run) => sum + run.pairs, warm);
  return {
    versions: versionsOf(rig.database),
    readyMs: Object.fromEntries(rig.targets.map(({ name, process }) => [name, process.readyMs])),
    ...found,
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
