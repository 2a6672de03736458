import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processExists } from '../../src/database/mongod/data-folder-lock';
import { freePort } from '../../src/database/mongod/mongod-process';
import { AppProcess } from '../support/app-process';
import { ensureBuilt, projectRoot } from '../support/built-app';
import { testServerUri } from '../support/mongo';

// Each test starts a whole server, some through npm.
jest.setTimeout(90_000);

let folder = '';
const running: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sixdigit-signals-'));
});
afterEach(async () => {
  // Whole groups: a server that a failing test left behind has lost its parent.
  for (const { pid } of running.splice(0)) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // It had ended, as it should.
    }
  }
  await rm(folder, { recursive: true, force: true });
});

interface Npm {
  readonly child: ChildProcess;
  readonly url: string;
  readonly exited: Promise<unknown[]>;
  readonly output: () => string;
}

/** `npm run <script>` as a process manager starts it: npm, its shell, and then the server. */
async function npmRun(script: string, cwd: string): Promise<Npm> {
  const port = String(await freePort());
  const key = (): string => randomBytes(32).toString('hex');
  const child = spawn('npm', ['run', script], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      HOST: '127.0.0.1',
      PORT: port,
      DATA_DIR: folder,
      MONGODB_URI: testServerUri(`signals-${port}`),
      ADMIN_KEY: key(),
      BOOTSTRAP_API_KEY: key(),
    },
  });
  running.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  const exited = once(child, 'exit');
  await until(() => answers(url), 60_000);
  return { child, url, exited, output: () => output };
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(`${url}/health/ready`).catch(() => null);
  await response?.body?.cancel();
  return response?.status === 200;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function until(check: () => Promise<boolean>, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error('it did not come to that in time');
    await sleep(50);
  }
}

/** `npm start` builds what is stale; the build that the tests share must stay where it is. */
async function freshlyBuilt(): Promise<string> {
  await mkdir(join(folder, 'scripts'));
  await mkdir(join(folder, 'dist'));
  await copyFile(join(projectRoot, 'scripts/start.mjs'), join(folder, 'scripts/start.mjs'));
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']) {
    await copyFile(join(projectRoot, name), join(folder, name));
  }
  for (const name of [
    'src',
    'config',
    'web',
    'node_modules',
    'dist/src',
    'dist/config',
    'dist/web',
    'dist/public',
  ]) {
    await symlink(join(projectRoot, name), join(folder, name));
  }
  await sleep(20);
  await writeFile(join(folder, 'dist/.built'), '');
  return folder;
}

/** Catches: a script without `exec`, whose shell dies of the signal and leaves the server running. */
describe('SIGTERM to npm alone', () => {
  beforeAll(ensureBuilt);

  it.each(['start:prod', 'start'])('ends the server of "npm run %s" in good order', async (script) => {
    const npm = await npmRun(script, script === 'start' ? await freshlyBuilt() : projectRoot);
    npm.child.kill('SIGTERM');
    const [code, signal] = (await Promise.race([
      npm.exited,
      sleep(15_000, ['late'], { ref: false }),
    ])) as unknown[];
    expect({ code, signal, answers: await answers(npm.url) }).toEqual({
      code: 0,
      signal: null,
      answers: false,
    });
    // The server said so itself, and npm waited for it.
    expect(npm.output()).toContain('"inOrder":true');
  });

  it('to the whole group counts once, although npm hands it on as well', async () => {
    const npm = await npmRun('start:prod', projectRoot);
    process.kill(-(npm.child.pid as number), 'SIGTERM');
    await npm.exited;
    await until(async () => !(await answers(npm.url)), 15_000);
    expect(npm.output()).toContain('"inOrder":true');
  });
});

describe('SIGTERM during the start', () => {
  it('ends it, and takes the embedded MongoDB along (fails when the system ends the process)', async () => {
    const app = await AppProcess.start({
      env: { DATA_DIR: folder, MONGOD_BINARY: process.env['SIXDIGIT_TEST_MONGOD'] ?? '' },
      waitUntilReady: false,
    });
    const lock = (): Promise<string> =>
      readFile(join(folder, 'mongodb', 'mongod.lock'), 'utf8').catch(() => '');
    const hasStarted = (): Promise<boolean> => exists(join(folder, 'mongodb', 'mongod.sock'));
    // The database is up, the application is still being made.
    await until(hasStarted, 60_000);
    const pid = Number.parseInt(await lock(), 10);
    await sleep(30);
    await expect(app.kill('SIGTERM')).resolves.toEqual({ code: 143, signal: null });
    // mongod empties the file at a clean stop.
    await until(async () => (await lock()) === '' && !processExists(pid), 10_000);
  });
});
