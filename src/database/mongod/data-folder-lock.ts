import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode, StartupError } from '../startup-error';

/** Who holds the folder. `startedAt` tells a process from a later one with the same id; null where unknown. */
interface Holder {
  readonly pid: number;
  readonly startedAt: string | null;
}

export interface DataFolderLock {
  release(): Promise<void>;
}

const ATTEMPTS = 50;
const GUARD_LIMIT_MS = 5_000;

/**
 * Takes the folder for this process, creating it when needed: two apps must not run one database. A lock
 * whose process is gone, or whose number now belongs to another process, is taken over.
 * @throws StartupError when another app holds it
 */
export async function lockDataFolder(dataDir: string): Promise<DataFolderLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'app.lock');
  const mine = JSON.stringify({ pid: process.pid, startedAt: await startOf(process.pid) });
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await createExclusively(file, mine)) return { release: () => release(file, mine) };
    const found = await readFile(file, 'utf8').catch(() => null);
    if (found === null) continue;
    const holder = parseHolder(found);
    if (holder && (await isAlive(holder))) throw inUse(dataDir, holder, file);
    await discard(file, found);
  }
  throw new StartupError(
    `The data folder ${dataDir} could not be locked; try again.`,
    ExitCode.dataFolderInUse,
  );
}

/** Complete in one step: written elsewhere first, because nobody may read a lock without its holder. */
async function createExclusively(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, content, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Takes a stale lock away, one process at a time and after a second look: whoever read the same stale lock a
 * moment ago must not remove the one that a rival has put there since.
 */
async function discard(file: string, stale: string): Promise<void> {
  const guard = `${file}.takeover`;
  try {
    await mkdir(guard);
  } catch {
    // A rival is at it. Only one that crashed in between would hold it for longer than a blink.
    const { mtimeMs } = await stat(guard).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > GUARD_LIMIT_MS) await rm(guard, { recursive: true, force: true });
    await sleep(10);
    return;
  }
  try {
    if ((await readFile(file, 'utf8').catch(() => null)) === stale) await rm(file, { force: true });
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}

async function release(file: string, mine: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => '')) === mine) await rm(file, { force: true });
}

function parseHolder(text: string): Holder | null {
  try {
    const holder = JSON.parse(text) as Partial<Holder>;
    return typeof holder.pid === 'number' ? { pid: holder.pid, startedAt: holder.startedAt ?? null } : null;
  } catch {
    return null;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  if (!processExists(holder.pid)) return false;
  const start = await startOf(holder.pid);
  // Without /proc only our own number can be told apart: in a container every start has the same one.
  return start === null || holder.startedAt === null
    ? holder.pid !== process.pid
    : start === holder.startedAt;
}

/** Whether a process with this id exists, also somebody else's. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Start of a process in ticks since boot (field 22 of /proc/pid/stat); null where there is no /proc. */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The second field is the program's name in parentheses and may hold anything.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function inUse(dataDir: string, holder: Holder, file: string): StartupError {
  return new StartupError(
    `The data folder ${dataDir} is in use by another instance (process ${holder.pid}). Stop that one, give this ` +
      `one a DATA_DIR of its own, or let both use one server through MONGODB_URI. Lock: ${file}`,
    ExitCode.dataFolderInUse,
  );
}
