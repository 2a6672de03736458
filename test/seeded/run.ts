/**
 * `npm run seeded-faults -- [--near] [--only 'no fencing']`: takes one guard out of the sources after the other, builds
 * them, and runs the tests that ought to notice. `--near`: only those beside the code, which need no build.
 */
import { parseArgs } from 'node:util';
import { endWith } from '../support/own-engine';
import { type CampaignResult, SourceCopy } from './copy';
import type { Seed } from './seed';
import { seeds } from './seeds';

const { values } = parseArgs({
  options: { near: { type: 'boolean', default: false }, only: { type: 'string' } },
});

interface Row {
  readonly fault: string;
  readonly removed: string;
  /** Null: nobody has noticed. */
  readonly caughtBy: string | null;
  readonly seconds: number;
}

/** What is tried of a seed: each of these has to notice by itself. */
const campaignsOf = ({ near, far }: Seed): (readonly string[])[] =>
  (values.near ? [near] : [near, far]).filter((tests) => tests.length > 0);

async function run(): Promise<boolean> {
  const sown = seeds.filter(({ fault }) => values.only === undefined || fault === values.only);
  const copy = await SourceCopy.make();
  try {
    const tests = [...new Set(sown.flatMap(campaignsOf).flat())];
    const whole = await copy.run(tests);
    console.log(
      `with all guards: ${whole.passed} passed, ${whole.failed.length} failed, ${Math.round(whole.seconds)} s`,
    );
    for (const { test, why } of whole.failed) console.log(`${test}\n${why}`);
    const rows: Row[] = [];
    for (const seed of sown) rows.push(...(await copy.without(seed, () => tryOut(copy, seed))));
    printTable(rows);
    const missed = rows.filter(({ caughtBy }) => caughtBy === null);
    console.log(`\n${rows.length - missed.length} caught, ${missed.length} missed`);
    return whole.failed.length === 0 && whole.passed > 0 && rows.length > 0 && missed.length === 0;
  } finally {
    await copy.remove();
  }
}

async function tryOut(copy: SourceCopy, seed: Seed): Promise<Row[]> {
  const rows: Row[] = [];
  for (const tests of campaignsOf(seed)) {
    const row = rowOf(seed, await copy.run(tests));
    console.log(`${row.fault}: ${row.caughtBy === null ? 'MISSED' : 'caught'}, ${row.seconds} s`);
    rows.push(row);
  }
  return rows;
}

function rowOf({ fault, removed }: Seed, { failed: [first, ...more], seconds }: CampaignResult): Row {
  const others = more.length > 0 ? ` (and ${more.length} more)` : '';
  const caughtBy = first ? `${first.test}${others}` : null;
  return { fault, removed, caughtBy, seconds: Math.round(seconds) };
}

function printTable(rows: readonly Row[]): void {
  console.log('\n| fault | without its guard | caught by | seconds |\n| --- | --- | --- | --- |');
  for (const { fault, removed, caughtBy, seconds } of rows)
    console.log(`| ${fault} | ${removed} | ${caughtBy ?? 'NOBODY'} | ${seconds} |`);
}

endWith(run());
