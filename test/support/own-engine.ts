import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { DEFAULT_CLIENT_OPTIONS } from '../../src/database/durable-connection';
import { findMongod } from '../../src/database/mongod/mongod-binary';
import { freePort, startMongod } from '../../src/database/mongod/mongod-process';
import { becomeOneNodeSet } from '../../src/database/mongod/one-node-set';
import { Engine, type EngineOptions } from './engine';

/** For scripts: a mongod of their own, so that nobody else's load or data is in it. @param name of the database */
export async function withOwnMongod<T>(name: string, work: (uri: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), `sixdigit-${name}-`));
  const binary = await findMongod({
    mongodBinary: process.env['MONGOD_BINARY'] ?? null,
    dataDir: '.sixdigit',
  });
  const address = { port: await freePort() };
  const mongod = await startMongod({
    binary,
    dbPath: join(folder, 'data'),
    address,
    logPath: join(folder, 'mongod.log'),
    replicaSet: name,
  });
  // The mongod is detached and keeps nobody alive: without this the script could end while it waits for its exit.
  const awake = setInterval(() => undefined, 60_000);
  try {
    await becomeOneNodeSet(address, name);
    return await work(`mongodb://127.0.0.1:${address.port}/${name}?replicaSet=${name}`);
  } finally {
    await mongod.kill();
    await rm(folder, { recursive: true, force: true });
    clearInterval(awake);
  }
}

/** An installation on a mongod of its own. */
export function withOwnEngine<T>(
  name: string,
  options: EngineOptions,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  return withOwnMongod(name, async (uri) => {
    const { retryAttempts: _, ...client } = DEFAULT_CLIENT_OPTIONS;
    const connection = await mongoose.createConnection(uri, client).asPromise();
    const engine = new Engine({ name, uri, connection }, options);
    try {
      await engine.start();
      return await work(engine);
    } finally {
      await engine.stop();
      await connection.close();
    }
  });
}

/** The end of a script: its exit code says whether all was well. */
export function endWith(result: Promise<boolean>): void {
  result.then(
    (isGood) => process.exit(isGood ? 0 : 1),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
