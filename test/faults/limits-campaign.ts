/** Several processes charge the same limits and are killed with SIGKILL, one after the other: no limit is ever passed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../support/built-app';

export interface LimitsCampaign {
  readonly uri: string;
  readonly database: string;
  readonly processes: number;
  readonly kills: number;
  readonly keys: number;
  readonly max: number;
  /** How long all of them run between two kills. */
  readonly pauseMs: number;
  /** They go on after the last kill until so many limits are nearly used up: a busy machine is slow. */
  readonly enough: number;
  /** Charges go with their sends, which are slots. */
  readonly riding?: boolean;
  /** Instead of killing one of them. */
  readonly trouble?: () => Promise<void>;
}

export interface LimitsReport {
  readonly kills: number;
  /** Sends that were let through, by key. */
  readonly sends: ReadonlyMap<string, number>;
  readonly over: readonly string[];
  /** Keys whose limit was used up, but for what crashes took. */
  readonly nearlyFull: number;
}

/** A crash takes at most what one process has under way. */
const UNDER_WAY = 8;
const PATIENCE_MS = 60_000;

export async function runLimitsCampaign(campaign: LimitsCampaign): Promise<LimitsReport> {
  const sends = new Map<string, number>();
  const workers = await Promise.all(
    Array.from({ length: campaign.processes }, () => startWorker(campaign, sends)),
  );
  const replaceOne = async (victim: number): Promise<void> => {
    await killed(workers[victim]);
    workers[victim] = await startWorker(campaign, sends);
  };
  try {
    for (let kill = 0; kill < campaign.kills; kill++) {
      await sleep(campaign.pauseMs);
      await (campaign.trouble?.() ?? replaceOne(kill % workers.length));
    }
    await sleep(campaign.pauseMs);
    const end = Date.now() + PATIENCE_MS;
    while (nearlyFull(sends, campaign.max) < campaign.enough && Date.now() < end) await sleep(100);
  } finally {
    await Promise.all(workers.map(killed));
  }
  const { kills, max } = campaign;
  const counts = [...sends];
  const over = counts.filter(([, count]) => count > max).map(([key, count]) => `${key}: ${count} of ${max}`);
  return { kills, sends, over, nearlyFull: nearlyFull(sends, max) };
}

function nearlyFull(sends: ReadonlyMap<string, number>, max: number): number {
  return [...sends.values()].filter((count) => count > max - UNDER_WAY).length;
}

async function startWorker(
  { uri, database, keys, max, riding }: LimitsCampaign,
  sends: Map<string, number>,
): Promise<ChildProcess> {
  const args = ['-r', './scripts/register.cjs', join('test', 'faults', 'limits-worker.ts')];
  const child = spawn(
    process.execPath,
    [...args, uri, database, String(keys), String(max), riding ? 'riding' : ''],
    {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((ready, failed) => {
    child.once('exit', () => failed(new Error('a worker ended before it was ready')));
    lines.on('line', (line) => {
      if (line === 'ready') ready();
      else sends.set(line, (sends.get(line) ?? 0) + 1);
    });
  });
  return child;
}

async function killed(child: ChildProcess | undefined): Promise<void> {
  if (child?.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await closed;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
