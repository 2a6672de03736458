import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MoneySettings } from '../../src/limits/money/caps';
import { SeededRandom } from './seeded-random';

export const EACH_MICROS = 100;
const PROCESSES = 4;
/** So that each kill meets processes at work. */
const CALLS_BETWEEN_KILLS = 60;
const LOOK_MS = 40;
const LONGEST_MS = 60_000;
/** One after the other, without a call between them: every process is refused. */
const REFUSALS = 100;
const root = join(__dirname, '../..');

export function moneySettings(amountMicros: number): MoneySettings {
  return {
    // Two that differ: the smaller one is what is watched.
    budgets: [
      { period: 'month', limit: { amountMicros: 10 * amountMicros, currency: 'EUR' } },
      { period: 'month', country: 'ES', limit: { amountMicros, currency: 'EUR' } },
    ],
    assumedPrice: { amountMicros: EACH_MICROS, currency: 'EUR' },
  };
}

export interface MoneyReport {
  readonly kills: number;
  readonly limitMicros: number;
  /** What vendors would bill. */
  readonly spentMicros: number;
  /** The highest that it ever was. */
  readonly highestMicros: number;
  /** Calls that were made; fewer than a hundred prove nothing. */
  readonly calls: number;
}

/** Four processes spend one budget; one after the other is killed and started again, until nothing is left to spend. */
export async function runMoneyCampaign(options: {
  readonly mongoUri: string;
  readonly kills: number;
  readonly limitMicros: number;
  readonly seed: number;
  /** Between two kills, at most. */
  readonly pauseMs: number;
}): Promise<MoneyReport> {
  const random = new SeededRandom(options.seed);
  const folder = await mkdtemp(join(tmpdir(), 'sixdigit-money-'));
  const file = join(folder, 'bill');
  await writeFile(file, '');
  const start = () => spawnSpender(options.mongoUri, file, options.limitMicros);
  const running = Array.from({ length: PROCESSES }, start);
  try {
    let kills = 0;
    // Whoever is killed while all of them start has spent nothing; and at the end there is nothing left to spend.
    while (kills < options.kills && (await isSpending(file))) {
      await sleep(random.below(options.pauseMs));
      const victim = random.below(PROCESSES);
      await kill(running[victim]!);
      running[victim] = start();
      kills += 1;
    }
    // Those that are left spend what is left.
    while (await isSpending(file));
    return { kills, limitMicros: options.limitMicros, ...(await billOf(file)) };
  } finally {
    await Promise.all(running.map(kill));
    await rm(folder, { recursive: true, force: true });
  }
}

function spawnSpender(mongoUri: string, file: string, limitMicros: number): ChildProcess {
  const args = ['-r', './scripts/register.cjs', 'test/faults/money-process.ts'];
  const options = { cwd: root, stdio: 'ignore' } as const;
  return spawn(process.execPath, [...args, mongoUri, file, String(limitMicros)], options);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** True: sixty more calls were made. False: nobody finds money any more. */
async function isSpending(file: string): Promise<boolean> {
  const end = performance.now() + LONGEST_MS;
  const start = await linesOf(file);
  while (performance.now() < end) {
    await sleep(LOOK_MS);
    const lines = await linesOf(file);
    if (lines.length >= REFUSALS && lines.slice(-REFUSALS).every((micros) => micros === 0)) return false;
    if (callsIn(lines) >= callsIn(start) + CALLS_BETWEEN_KILLS) return true;
  }
  throw new Error('nobody spends, and nobody is refused');
}

async function linesOf(file: string): Promise<number[]> {
  return (await readFile(file, 'utf8')).split('\n').filter(Boolean).map(Number);
}

const callsIn = (lines: readonly number[]): number => lines.filter((micros) => micros > 0).length;

async function billOf(file: string): Promise<Pick<MoneyReport, 'spentMicros' | 'highestMicros' | 'calls'>> {
  const lines = await linesOf(file);
  let [spentMicros, highestMicros] = [0, 0];
  for (const micros of lines) {
    spentMicros += micros;
    highestMicros = Math.max(highestMicros, spentMicros);
  }
  return { spentMicros, highestMicros, calls: callsIn(lines) };
}
