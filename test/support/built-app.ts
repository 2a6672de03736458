import { execFile } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockDataFolder, type DataFolderLock } from '../../src/database/mongod/data-folder-lock';

export const projectRoot = join(__dirname, '..', '..');
export const builtMain = join(projectRoot, 'dist', 'src', 'main.js');

const cache = join(projectRoot, 'node_modules', '.cache', 'test-build');
const stamp = join(cache, 'built');

let built: Promise<void> | null = null;

/**
 * Builds the app unless the last build is newer than every source; safe for several test workers at once. A test file
 * asks once: it starts all its processes from one build.
 */
export function ensureBuilt(): Promise<void> {
  return (built ??= buildUnlessFresh());
}

async function buildUnlessFresh(): Promise<void> {
  const lock = await takeTurn();
  try {
    if (!(await isStale())) return;
    const started = new Date();
    await compile();
    await mkdir(cache, { recursive: true });
    await writeFile(stamp, started.toISOString());
  } finally {
    await lock.release();
  }
}

async function takeTurn(): Promise<DataFolderLock> {
  for (;;) {
    try {
      return await lockDataFolder(cache);
    } catch {
      await sleep(200);
    }
  }
}

async function isStale(): Promise<boolean> {
  if ((await modifiedAt(builtMain)) === 0) return true;
  const builtAt = await modifiedAt(stamp);
  for (const folder of ['src', 'config', 'web']) {
    for (const file of await readdir(join(projectRoot, folder), { recursive: true })) {
      const counts = /\.(?:tsx?|mjs|css)$/.test(file) && !/spec\.tsx?$/.test(file);
      if (counts && (await modifiedAt(join(projectRoot, folder, file))) > builtAt) return true;
    }
  }
  return false;
}

async function modifiedAt(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.mtimeMs ?? 0;
}

/** As `npm run build`. Types are checked too: a broken build stops the test. */
async function compile(): Promise<void> {
  await runNode(require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json');
  await runNode('web/build.mjs');
}

/** Through node, so that it needs no shell and no PATH. */
function runNode(...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: projectRoot }, (error, stdout, stderr) => {
      if (error) reject(new Error(`the build failed:\n${stdout.slice(0, 4_000)}${stderr.slice(0, 4_000)}`));
      else resolve();
    });
  });
}
