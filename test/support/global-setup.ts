import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMongod } from '../../src/database/mongod/mongod-binary';
import { freePort, startMongod, type MongodProcess } from '../../src/database/mongod/mongod-process';
import { becomeOneNodeSet } from '../../src/database/mongod/one-node-set';

/** What the teardown needs; both run in the same process. */
export interface TestDatabase {
  mongod: MongodProcess | null;
  folder: string;
}

declare global {
  var sixdigitTestDatabase: TestDatabase | undefined;
}

/** One real mongod per run, a one-node replica set; the workers find it through SIXDIGIT_TEST_MONGODB_URI. */
export default async function globalSetup(): Promise<void> {
  // Projects have this set-up in common with others, or build on it.
  if (globalThis.sixdigitTestDatabase) return;
  const database: TestDatabase = { mongod: null, folder: await mkdtemp(join(tmpdir(), 'sixdigit-test-')) };
  globalThis.sixdigitTestDatabase = database;
  try {
    const binary = await findMongod({
      mongodBinary: process.env['MONGOD_BINARY'] ?? null,
      dataDir: '.sixdigit',
      log: (line) => console.log(line),
    });
    const address = { port: await freePort() };
    database.mongod = await startMongod({
      binary,
      dbPath: join(database.folder, 'data'),
      address,
      logPath: join(database.folder, 'mongod.log'),
      replicaSet: 'test',
    });
    stopWithJest(database.mongod.pid, database.folder);
    await becomeOneNodeSet(address, 'test');
    process.env['SIXDIGIT_TEST_MONGODB_URI'] = `mongodb://127.0.0.1:${address.port}/?replicaSet=test`;
    process.env['SIXDIGIT_TEST_MONGOD'] = binary;
  } catch (error) {
    // Jest runs no teardown after a setup that failed.
    await removeTestDatabase(database);
    throw error;
  }
}

/** For a run that is broken off: mongod runs outside the terminal's process group and would stay. */
function stopWithJest(pid: number, folder: string): void {
  process.once('SIGTERM', () => process.exit(143));
  process.once('exit', () => {
    try {
      process.kill(pid, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      // The teardown was here before.
    }
  });
}

export async function removeTestDatabase(database: TestDatabase): Promise<void> {
  await database.mongod?.kill();
  await rm(database.folder, { recursive: true, force: true });
}
