import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DataFolderLock, lockDataFolder } from './data-folder-lock';
import { stopLeftoverMongod } from './leftover-mongod';
import { findMongod } from './mongod-binary';
import { directUri } from './mongod-address';
import { type MongodProcess, startMongod } from './mongod-process';
import { becomeOneNodeSet } from './one-node-set';
import { type SocketFolder, socketFolder } from './socket-folder';
import { ExitCode, StartupError } from '../startup-error';

export interface EmbeddedMongodOptions {
  /** Absolute path. */
  readonly dataDir: string;
  readonly mongodBinary: string | null;
  readonly log: (line: string) => void;
}

/** What a restart needs again. */
interface Program {
  readonly binary: string;
  readonly sockets: SocketFolder;
}

const REPLICA_SET = 'sixdigit';
const RESTART_PAUSE_MS = { first: 200, longest: 10_000 };

/**
 * A real mongod with its data in DATA_DIR/mongodb: a one-node replica set for this app alone. It listens on a Unix
 * socket that other accounts of the machine cannot open, and on no port: MongoDB asks nobody for a password here.
 * Should it die, it is started again on the same socket and the clients find it by themselves.
 */
export class EmbeddedMongod {
  private readonly stopping = new AbortController();
  private readonly watching: Promise<void>;

  private constructor(
    private readonly options: EmbeddedMongodOptions,
    private readonly lock: DataFolderLock,
    private readonly program: Program,
    private mongod: MongodProcess,
  ) {
    process.once('exit', this.stopWithApp);
    this.watching = this.watch();
  }

  /** @throws StartupError */
  static async start(options: EmbeddedMongodOptions): Promise<EmbeddedMongod> {
    const lock = await lockDataFolder(options.dataDir);
    try {
      const binary = await findMongod(options);
      if (await stopLeftoverMongod(dbPathOf(options))) options.log('Stopped a mongod of an earlier start.');
      await rotateLog(options.dataDir);
      return new EmbeddedMongod(options, lock, ...(await startProgram(options, binary)));
    } catch (error) {
      await lock.release();
      throw error instanceof StartupError ? error : cannotStart(options, error);
    }
  }

  get uri(): string {
    return directUri({ socket: this.program.sockets.ready }, 'sixdigit');
  }

  /** The process id of the mongod of the moment. */
  get pid(): number {
    return this.mongod.pid;
  }

  /** Clean and bounded; the clients should be closed before. */
  async stop(): Promise<void> {
    if (this.isStopping()) return;
    this.stopping.abort();
    await this.mongod.stop();
    await this.watching;
    await this.program.sockets.remove();
    process.off('exit', this.stopWithApp);
    await this.lock.release();
  }

  /** For an app that ends without `stop()`: only a signal can still be sent, which is enough for a clean stop. */
  private readonly stopWithApp = (): void => {
    try {
      process.kill(this.mongod.pid, 'SIGTERM');
    } catch {
      // It was gone already.
    }
  };

  private async watch(): Promise<void> {
    for (;;) {
      const reason = await this.mongod.exited;
      if (this.isStopping()) return;
      this.options.log(`The embedded mongod ended (${reason}); starting it again.`);
      await this.restart();
    }
  }

  /** Same socket, because the clients know no other; tried until it works or the app stops. */
  private async restart(): Promise<void> {
    let pause = RESTART_PAUSE_MS.first;
    while (!this.isStopping()) {
      await sleep(pause, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.isStopping()) return;
      pause = Math.min(pause * 2, RESTART_PAUSE_MS.longest);
      try {
        this.mongod = await startOnSocket(this.options, this.program);
        // stop() may have come meanwhile; it then saw the old process only.
        if (this.isStopping()) await this.mongod.stop();
        return;
      } catch (error) {
        this.options.log(`The embedded mongod did not start: ${messageOf(error)}`);
      }
    }
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }
}

function dbPathOf(options: EmbeddedMongodOptions): string {
  return join(options.dataDir, 'mongodb');
}

async function startProgram(
  options: EmbeddedMongodOptions,
  binary: string,
): Promise<[Program, MongodProcess]> {
  const sockets = await socketFolder(dbPathOf(options));
  if (sockets.isElsewhere) options.log(`No socket can be in DATA_DIR; MongoDB listens at ${sockets.ready}`);
  try {
    const program = { binary, sockets };
    return [program, await startOnSocket(options, program)];
  } catch (error) {
    await sockets.remove();
    throw error;
  }
}

async function startOnSocket(
  options: EmbeddedMongodOptions,
  { binary, sockets }: Program,
): Promise<MongodProcess> {
  const address = { socket: sockets.starting };
  const mongod = await startMongod({
    binary,
    dbPath: dbPathOf(options),
    address,
    logPath: join(options.dataDir, 'mongod.log'),
    replicaSet: REPLICA_SET,
  });
  try {
    await becomeOneNodeSet(address, REPLICA_SET);
    await sockets.open();
    return mongod;
  } catch (error) {
    await mongod.stop();
    throw error;
  }
}

/** Two starts are kept: the log of before a crash is what one looks for after it. */
async function rotateLog(dataDir: string): Promise<void> {
  const log = join(dataDir, 'mongod.log');
  await rm(`${log}.1`, { force: true });
  await rename(log, `${log}.1`).catch(() => undefined);
}

function cannotStart(options: EmbeddedMongodOptions, error: unknown): StartupError {
  return new StartupError(
    `The embedded MongoDB in ${options.dataDir} (DATA_DIR) could not be started: ${messageOf(error)}. ` +
      'Set MONGODB_URI to use a replica set of your own instead.',
    ExitCode.databaseUnreachable,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
