import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { directUri, listenArguments, type MongodAddress } from './mongod-address';

export interface MongodOptions {
  /** Path, or a name on the PATH. */
  readonly binary: string;
  /** Created with mode 0700. */
  readonly dbPath: string;
  readonly address: MongodAddress;
  readonly logPath: string;
  /** null starts a stand-alone server, which this product refuses to use. */
  readonly replicaSet: string | null;
  readonly cacheSizeGb?: number;
}

/** A mongod that answers. */
export interface MongodProcess {
  readonly pid: number;
  /** Settles with the reason once the process is gone, for whatever cause. */
  readonly exited: Promise<string>;
  /** SIGTERM, which mongod takes as a clean shutdown; SIGKILL when that takes too long. */
  stop(): Promise<void>;
  /** SIGKILL: for tests, and for data that is thrown away. */
  kill(): Promise<void>;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

/** Starts a mongod and returns when it answers; a failure tells the last words of its log. */
export async function startMongod(options: MongodOptions): Promise<MongodProcess> {
  await mkdir(options.dbPath, { recursive: true, mode: 0o700 });
  await chmod(options.dbPath, 0o700);
  const child = spawn(options.binary, mongodArguments(options), { stdio: 'ignore', detached: true });
  // The app ends when it has stopped its mongod, not the other way round.
  child.unref();
  const exit = exitOf(child);
  const stop = (): Promise<void> => stopChild(child, exit);
  const kill = async (): Promise<void> => {
    // Whoever waits for the end must not end first: without this, a process with nothing else to do exits here.
    child.ref();
    child.kill('SIGKILL');
    await exit;
  };
  try {
    await untilItAnswers(options, exit);
  } catch (error) {
    await stop();
    throw await withLastWords(error, options.logPath);
  }
  return { pid: child.pid as number, exited: exit, stop, kill };
}

/** `detached` above puts mongod outside the terminal's process group: Ctrl-C reaches the app only, which finishes first. */
function mongodArguments(options: MongodOptions): string[] {
  const args = ['--dbpath', options.dbPath, ...listenArguments(options.address)];
  args.push('--logpath', options.logPath, '--logappend', '--quiet');
  args.push('--wiredTigerCacheSizeGB', String(options.cacheSizeGb ?? 0.25));
  // Lines about slow operations quote documents; none of those belongs into a log.
  args.push('--slowms', '2000000000', '--setParameter', 'diagnosticDataCollectionEnabled=false');
  if (options.replicaSet) args.push('--replSet', options.replicaSet, '--oplogSize', '512');
  return args;
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ? `stopped by ${signal}` : `exit code ${code}`));
  });
}

/** Asks whoever listens for its data folder: a stranger on the same port must not pass for our mongod. */
async function untilItAnswers(options: MongodOptions, exit: Promise<string>): Promise<void> {
  const state: { ended: string | null } = { ended: null };
  void exit.then((reason) => (state.ended = reason));
  const deadline = Date.now() + START_LIMIT_MS;
  while (state.ended === null && Date.now() < deadline) {
    if ((await isListening(options.address)) && (await dataFolderOf(options.address)) === options.dbPath)
      return;
    await sleep(10);
  }
  throw new Error(`mongod did not start (${state.ended ?? `no answer within ${START_LIMIT_MS / 1000} s`})`);
}

/** Cheaper than a client of the driver, which pauses for half a second after a refused connection. */
function isListening(address: MongodAddress): Promise<boolean> {
  const target = 'port' in address ? { port: address.port, host: '127.0.0.1' } : { path: address.socket };
  return new Promise((resolve) => {
    const socket = connect(target, () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function dataFolderOf(address: MongodAddress): Promise<string | null> {
  const client = new mongo.MongoClient(directUri(address), { serverSelectionTimeoutMS: 500 });
  try {
    const answer = await client.db('admin').command({ getCmdLineOpts: 1 });
    return (answer as { parsed?: { storage?: { dbPath?: string } } }).parsed?.storage?.dbPath ?? null;
  } catch {
    return null;
  } finally {
    await client.close();
  }
}

async function stopChild(child: ChildProcess, exit: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exit;
  clearTimeout(hard);
}

/** mongod says why it gave up in its log, as JSON lines of severity E and F. */
async function withLastWords(error: unknown, logPath: string): Promise<Error> {
  const log = await readFile(logPath, 'utf8').catch(() => '');
  const words = log
    .split('\n')
    .filter((line) => /"s":"[EF]"/.test(line))
    .slice(-3)
    .map((line) => /"msg":"([^"]*)"/.exec(line)?.[1] ?? '');
  const message = error instanceof Error ? error.message : String(error);
  return new Error([message, ...new Set(words)].filter(Boolean).join('; ') + `; see ${logPath}`);
}

/** A port that nobody listens on right now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
