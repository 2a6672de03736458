import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/database/mongod/mongod-process';
import { builtMain, ensureBuilt, projectRoot } from './built-app';

export interface AppOptions {
  /** Settings by name; they win over the defaults below. `undefined` removes a default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** False: do not wait for `/health/ready`, e.g. for a start that must fail. */
  readonly waitUntilReady?: boolean;
  /** How many files and sockets the process may have open (`ulimit -n`); as many as this one by default. */
  readonly descriptors?: number;
}

export interface AppExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A start takes a second; more than that is the machine's slowness under test. */
const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

/**
 * The built app in a process of its own. Without `DATA_DIR` in `env` it gets a fresh folder, removed when it
 * has ended; without `MONGODB_URI` it starts the embedded MongoDB.
 */
export class AppProcess {
  stdout = '';
  stderr = '';
  readonly exited: Promise<AppExit>;
  private ended = false;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly apiKey: string,
    readonly adminKey: string,
    ownFolder: string | null,
  ) {
    child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.exited = new Promise<AppExit>((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }));
    }).then(async (exit) => {
      this.ended = true;
      if (ownFolder) await rm(ownFolder, { recursive: true, force: true });
      return exit;
    });
  }

  static async start(options: AppOptions = {}): Promise<AppProcess> {
    await ensureBuilt();
    const port = options.env?.['PORT'] ?? String(await freePort());
    const folder = options.env?.['DATA_DIR'] ? null : await mkdtemp(join(tmpdir(), 'sixdigit-app-'));
    const env: NodeJS.ProcessEnv = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      HOST: '127.0.0.1',
      PORT: port,
      DATA_DIR: folder ?? undefined,
      ADMIN_KEY: randomBytes(32).toString('hex'),
      BOOTSTRAP_API_KEY: randomBytes(32).toString('hex'),
      ...options.env,
    };
    const [file, ...args] = commandLine(options.descriptors);
    const child = spawn(file, args, {
      cwd: projectRoot,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const url = `http://127.0.0.1:${port}`;
    const app = new AppProcess(child, url, env['BOOTSTRAP_API_KEY'] ?? '', env['ADMIN_KEY'] ?? '', folder);
    if (options.waitUntilReady !== false) await app.ready();
    return app;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Waits until `/health/ready` answers 200; an app that ends or stays unready fails with its output. */
  async ready(): Promise<void> {
    const deadline = Date.now() + READY_LIMIT_MS;
    while (Date.now() < deadline && !this.ended) {
      const response = await fetch(`${this.url}/health/ready`).catch(() => null);
      await response?.body?.cancel();
      if (response?.status === 200) return;
      await sleep(25);
    }
    const why = this.ended ? 'ended before it was ready' : 'did not become ready';
    await this.kill();
    throw new Error(`the app ${why}:\n${this.stdout}\n${this.stderr}`);
  }

  /** A call with the API key; `body` is sent as JSON. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  /** For the end of this process, when there is no time to wait for the end of that one. */
  killAtExit(): void {
    if (!this.ended) this.child.kill('SIGKILL');
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<AppExit> {
    this.child.kill(signal);
    return this.exited;
  }

  /** SIGTERM; fails when the app has not ended in time. */
  async stop(): Promise<AppExit> {
    this.child.kill('SIGTERM');
    const late = sleep(STOP_LIMIT_MS, 'late' as const, { ref: false });
    const result = await Promise.race([this.exited, late]);
    if (result !== 'late') return result;
    await this.kill();
    throw new Error(`the app did not stop within ${STOP_LIMIT_MS / 1000} s:\n${this.stdout}\n${this.stderr}`);
  }
}

/** With a limit through a shell, which makes way for the app. */
function commandLine(descriptors: number | undefined): [string, ...string[]] {
  const app: [string, string] = [process.execPath, builtMain];
  if (descriptors === undefined) return app;
  return ['sh', '-c', 'ulimit -n "$0" && exec "$@"', String(descriptors), ...app];
}
