import { join } from 'node:path';
import { mongo } from 'mongoose';
import { findMongod } from '../../src/database/mongod/mongod-binary';
import { freePort, type MongodProcess, startMongod } from '../../src/database/mongod/mongod-process';
import { becomeOneNodeSet } from '../../src/database/mongod/one-node-set';

/** Same as the embedded one: 256 MB. */
const CACHE_GB = 0.25;

export interface BenchDatabase {
  /** The server's URI with this database name. */
  uriFor(database: string): string;
  /** null when the server is not ours: its CPU time cannot be read then. */
  readonly pid: number | null;
  readonly version: string;
  /** Whether a slot of this database still holds events that a relay has to copy. */
  hasWaitingEvents(database: string): Promise<boolean>;
  /** Stops it if it is ours, else drops what the bench made. */
  close(): Promise<void>;
}

/**
 * What builds call the events inside a slot, the oldest name first. A scan from the newest slot on: it ends at
 * the first that waits, so that only the look that finds none reads them all.
 */
const waitingEvents = {
  $or: [
    { 'pendingAudit.0': { $exists: true } },
    { 'current.uncopied': true },
    { 'outbox.0': { $exists: true } },
  ],
};

/** A URI may list several hosts, which `URL` cannot parse. */
function withDatabase(uri: string, database: string): string {
  const [, server = uri, query = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(uri) ?? [];
  return `${server}/${database}${query}`;
}

/** A mongod of the bench's own, on disk in `folder`; or the server of MONGODB_URI. */
export async function openDatabase(folder: string, givenUri: string | null): Promise<BenchDatabase> {
  const own = givenUri === null ? await startOwn(folder) : null;
  const base = givenUri ?? `mongodb://127.0.0.1:${own?.address.port}/?replicaSet=bench`;
  const names = new Set<string>();
  const uriFor = (database: string): string => {
    names.add(database);
    return withDatabase(base, database);
  };
  const client = await new mongo.MongoClient(base).connect();
  const close = async (): Promise<void> => {
    if (!own) for (const name of names) await client.db(name).dropDatabase();
    await client.close();
    if (own) await held(own.mongod.kill());
  };
  const hasWaitingEvents = async (database: string): Promise<boolean> => {
    const slots = client.db(database).collection('slots');
    return (await slots.findOne(waitingEvents, { sort: { $natural: -1 }, projection: { _id: 1 } })) !== null;
  };
  return { uriFor, pid: own?.mongod.pid ?? null, version: await versionOf(client), hasWaitingEvents, close };
}

/** mongod is not held by the event loop: without this, the bench would end before it has cleaned up. */
function held(work: Promise<void>): Promise<void> {
  const timer = setInterval(() => undefined, 1_000);
  return work.finally(() => clearInterval(timer));
}

async function startOwn(folder: string): Promise<{ address: { port: number }; mongod: MongodProcess }> {
  const address = { port: await freePort() };
  const mongod = await startMongod({
    binary: await findMongod({
      mongodBinary: process.env['MONGOD_BINARY'] ?? null,
      dataDir: '.sixdigit',
      log: (line) => console.error(line),
    }),
    dbPath: join(folder, 'data'),
    address,
    logPath: join(folder, 'mongod.log'),
    replicaSet: 'bench',
    cacheSizeGb: CACHE_GB,
  });
  try {
    await becomeOneNodeSet(address, 'bench');
  } catch (error) {
    await mongod.kill();
    throw error;
  }
  return { address, mongod };
}

async function versionOf(client: mongo.MongoClient): Promise<string> {
  return String((await client.db('admin').command({ buildInfo: 1 }))['version']);
}
