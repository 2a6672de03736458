import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runProgram } from './child-process';
import { processExists } from './data-folder-lock';

const CLEAN_STOP_MS = 10_000;
const POLL_MS = 50;

/**
 * Stops a mongod that still runs on this data folder because the app before was killed. One whose owner is
 * gone cannot be watched as a child, so it is not taken over: a clean restart costs a second.
 * @returns whether there was one
 */
export async function stopLeftoverMongod(dbPath: string): Promise<boolean> {
  // mongod keeps its process id there while it runs and empties the file at a clean stop.
  const lock = await readFile(join(dbPath, 'mongod.lock'), 'utf8').catch(() => '');
  const pid = Number.parseInt(lock, 10);
  if (!Number.isInteger(pid) || pid <= 1 || !(await servesFolder(pid, dbPath))) return false;

  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + CLEAN_STOP_MS;
  while (Date.now() < deadline && (await servesFolder(pid, dbPath))) await sleep(POLL_MS);
  if (await servesFolder(pid, dbPath)) process.kill(pid, 'SIGKILL');
  while (await servesFolder(pid, dbPath)) await sleep(POLL_MS);
  return true;
}

/** Whether that process is a mongod on this very folder, and no later process with the same id. */
async function servesFolder(pid: number, dbPath: string): Promise<boolean> {
  if (!processExists(pid)) return false;
  const words = await commandLine(pid);
  return words.includes('--dbpath') && words.includes(dbPath);
}

/** Empty for a process that has ended but was not collected yet. */
async function commandLine(pid: number): Promise<string> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  if (fromProc !== null) return fromProc;
  return (await runProgram('ps', ['-o', 'command=', '-p', String(pid)], { timeoutMs: 5_000 })).stdout;
}
