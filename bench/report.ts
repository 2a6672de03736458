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

/** Rate of the app over rate of another target, per round. */
export interface Ratio {
  readonly load: string;
  readonly other: string;
  readonly rounds: readonly number[];
  readonly median: number;
}

export interface Report {
  readonly versions: Versions;
  /** From spawn to ready, in ms. */
  readonly readyMs: Readonly<Partial<Record<TargetName, number>>>;
  readonly runs: readonly Run[];
  readonly ratios: readonly Ratio[];
  /** Resident memory in MB at equal distances over the run with `--pairs`. */
  readonly rss: readonly number[];
  /** Texts beyond one per pair: sent again, or sent for a pair that failed. */
  readonly extraTexts: number;
}

export function ratioOf(
  load: string,
  app: readonly Measurement[],
  others: readonly Measurement[],
  other: string,
): Ratio {
  const rounds = app.map(({ pairsPerSecond }, i) => {
    const rate = others[i]?.pairsPerSecond ?? NaN;
    return Number((pairsPerSecond / rate).toFixed(2));
  });
  const sorted = [...rounds].sort((a, b) => a - b);
  return { load, other, rounds, median: sorted[Math.floor(sorted.length / 2)] ?? NaN };
}

const times = ({ p50, p99, p999 }: LatencySummary): string =>
  `${p50.toFixed(1)} / ${p99.toFixed(1)} / ${p999.toFixed(1)}`;

const columns: readonly (readonly [string, (run: Run) => string])[] = [
  ['target', (run) => run.target],
  ['load', (run) => run.load],
  ['pairs/s', (run) => String(run.pairsPerSecond)],
  ['create p50/p99/p99.9 ms', (run) => times(run.create)],
  ['check ms', (run) => times(run.check)],
  ['pair ms', (run) => times(run.pair)],
  ['CPU ms/pair', (run) => run.targetCpuMs.toFixed(2)],
  ['mongod', (run) => run.mongodCpuMs?.toFixed(2) ?? '–'],
  ['generator', (run) => `${Math.round(run.generatorShare * 100)} %`],
  ['sink', (run) => `${Math.round(run.sinkShare * 100)} %`],
  ['RSS MB', (run) => run.rssMb.toFixed(0)],
  ['failures', (run) => String(Object.values(run.failures).reduce((sum, n) => sum + n, 0))],
];

function table(runs: readonly Run[]): string {
  const rows = [columns.map(([title]) => title), ...runs.map((run) => columns.map(([, cell]) => cell(run)))];
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

export function renderReport({ versions, readyMs, runs, ratios, rss, extraTexts }: Report): string {
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
  }
  for (const { load, other, rounds, median } of ratios) {
    lines.push(`app / ${other}, ${load}: ${median} (rounds ${rounds.join(', ')})`);
  }
  if (rss.length > 0) lines.push(`resident memory over the run, MB: ${rss.join(' ')}`);
  return lines.join('\n');
}
