import type { LatencySummary } from './load/latencies';
import type { Measurement } from './measure';
import type { TargetName } from './rig/targets';

export interface Versions {
  readonly commit: string;
  readonly node: string;
  readonly mongod: string;
  readonly cores: number;
  readonly cpu: string;
}

export interface Run extends Measurement {
  readonly target: TargetName;
  /** `32 clients`, `300 pairs/s, poisson`, … */
  readonly load: string;
}

export interface RoundRatios {
  readonly rounds: readonly number[];
  readonly median: number;
}

/** The first target over another one, round by round. */
export interface Ratio {
  readonly load: string;
  readonly first: TargetName;
  readonly other: TargetName;
  readonly rate: RoundRatios;
  readonly targetCpu: RoundRatios;
  /** null when mongod is not ours. */
  readonly mongodCpu: RoundRatios | null;
}

/** Resident memory in MB at equal distances over the run with `--pairs`. */
export interface MemoryCurve {
  readonly target: TargetName;
  readonly everySeconds: number;
  readonly mb: readonly number[];
}

export interface Report {
  readonly versions: Versions;
  /** From spawn to ready, in ms. */
  readonly readyMs: Readonly<Partial<Record<TargetName, number>>>;
  readonly runs: readonly Run[];
  readonly ratios: readonly Ratio[];
  readonly memory: readonly MemoryCurve[];
  /** Texts beyond one per pair: sent again, or sent for a pair that failed. */
  readonly extraTexts: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

const rounded = (value: number): number => Number(value.toFixed(2));

function ratiosOf(runs: readonly Run[], others: readonly Run[], of: (run: Run) => number): RoundRatios {
  const rounds = runs.map((run, i) => {
    const other = others[i];
    return other ? of(run) / of(other) : NaN;
  });
  return { rounds: rounds.map(rounded), median: rounded(median(rounds)) };
}

/** Loads and targets in order of their first run. */
export function ratiosIn(runs: readonly Run[]): Ratio[] {
  const loads = [...new Set(runs.map(({ load }) => load))];
  const [first, ...rest] = [...new Set(runs.map(({ target }) => target))];
  if (first === undefined) return [];
  return loads.flatMap((load) =>
    rest.map((other) => {
      const [mine, theirs] = [first, other].map((name) =>
        runs.filter((run) => run.load === load && run.target === name),
      ) as [Run[], Run[]];
      const isOurs = mine[0]?.mongodCpuMs !== null;
      return {
        load,
        first,
        other,
        rate: ratiosOf(mine, theirs, (run) => run.pairsPerSecond),
        targetCpu: ratiosOf(mine, theirs, (run) => run.targetCpuMs),
        mongodCpu: isOurs ? ratiosOf(mine, theirs, (run) => run.mongodCpuMs ?? NaN) : null,
      };
    }),
  );
}

/** Each row is the median of a target's runs under one load. */
interface Row {
  readonly load: string;
  readonly target: TargetName;
  readonly runs: readonly Run[];
}

function rowsOf(runs: readonly Run[]): Row[] {
  const rows = new Map<string, { load: string; target: TargetName; runs: Run[] }>();
  for (const run of runs) {
    const key = `${run.load}/${run.target}`;
    const row = rows.get(key);
    if (row) row.runs.push(run);
    else rows.set(key, { load: run.load, target: run.target, runs: [run] });
  }
  return [...rows.values()];
}

const mid = (row: Row, of: (run: Run) => number, digits: number): string =>
  median(row.runs.map(of)).toFixed(digits);
const times = (row: Row, of: (run: Run) => LatencySummary): string =>
  (['p50', 'p95', 'p99'] as const).map((share) => mid(row, (run) => of(run)[share], 1)).join(' / ');
const sum = (row: Row, of: (run: Run) => number): number =>
  row.runs.reduce((total, run) => total + of(run), 0);

const columns: readonly (readonly [string, (row: Row) => string])[] = [
  ['load', (row) => row.load],
  ['target', (row) => row.target],
  ['runs', (row) => String(row.runs.length)],
  ['pairs/s', (row) => mid(row, (run) => run.pairsPerSecond, 0)],
  ['CPU ms/pair', (row) => mid(row, (run) => run.targetCpuMs, 3)],
  [
    'mongod',
    (row) => (row.runs[0]?.mongodCpuMs === null ? '–' : mid(row, (run) => run.mongodCpuMs ?? NaN, 3)),
  ],
  ['create p50/p95/p99 ms', (row) => times(row, (run) => run.create)],
  ['check ms', (row) => times(row, (run) => run.check)],
  ['pair ms', (row) => times(row, (run) => run.pair)],
  ['generator', (row) => `${mid(row, (run) => run.generatorShare * 100, 0)} %`],
  ['sink', (row) => `${mid(row, (run) => run.sinkShare * 100, 0)} %`],
  ['RSS MB', (row) => mid(row, (run) => run.rssMb, 0)],
  ['settle s', (row) => mid(row, (run) => run.settleSeconds ?? Infinity, 2)],
  ['failures', (row) => String(sum(row, (run) => Object.values(run.failures).reduce((a, n) => a + n, 0)))],
];

function table(runs: readonly Run[]): string {
  const rows = [
    columns.map(([title]) => title),
    ...rowsOf(runs).map((row) => columns.map(([, cell]) => cell(row))),
  ];
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const ratioLine = (what: string, { median: middle, rounds }: RoundRatios): string =>
  `  ${what} ${middle.toFixed(2)} (rounds ${rounds.map((value) => value.toFixed(2)).join(', ')})`;

function ratioLines({ load, first, other, rate, targetCpu, mongodCpu }: Ratio): string[] {
  return [
    `${first} / ${other}, ${load}:`,
    ratioLine('rate      ', rate),
    ratioLine('target CPU', targetCpu),
    ...(mongodCpu ? [ratioLine('mongod CPU', mongodCpu)] : []),
  ];
}

export function renderReport({ versions, readyMs, runs, ratios, memory, extraTexts }: Report): string {
  const lines = [
    `commit ${versions.commit}, Node ${versions.node}, MongoDB ${versions.mongod}, ${versions.cores} × ${versions.cpu}`,
    `start to ready: ${Object.entries(readyMs)
      .map(([name, ms]) => `${name} ${ms} ms`)
      .join(', ')}`,
    '',
    table(runs),
    '',
    `texts beyond one per pair: ${extraTexts}`,
  ];
  for (const run of runs) {
    for (const [what, count] of Object.entries(run.failures)) {
      lines.push(`failed, ${run.target}, ${run.load}: ${count} × ${what}`);
    }
    if (run.settleSeconds === null)
      lines.push(`${run.target}, ${run.load}: events still waited at the limit`);
  }
  lines.push(...ratios.flatMap(ratioLines));
  for (const { target, everySeconds, mb } of memory) {
    lines.push(`resident memory of ${target}, MB, every ${everySeconds} s: ${mb.join(' ')}`);
  }
  return lines.join('\n');
}
