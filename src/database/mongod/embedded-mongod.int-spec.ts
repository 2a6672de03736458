import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import { testMongodBinary } from '../../../test/support/mongo';
import { checkDatabase } from '../database-check';
import { openDurableClient } from '../durable-connection';
import { EmbeddedMongod } from './embedded-mongod';
import { stopLeftoverMongod } from './leftover-mongod';
import { directUri, type MongodAddress } from './mongod-address';
import { freePort, type MongodProcess, startMongod } from './mongod-process';
import { becomeOneNodeSet } from './one-node-set';

interface Thing {
  _id: string;
}

async function withThings<T>(uri: string, use: (things: mongo.Collection<Thing>) => Promise<T>): Promise<T> {
  const client = await openDurableClient(uri);
  try {
    return await use(client.db('sixdigit').collection<Thing>('things'));
  } finally {
    await client.close();
  }
}

describe('the embedded MongoDB', () => {
  let dataDir = '';
  let lines: string[] = [];
  const started: EmbeddedMongod[] = [];

  const start = async (): Promise<EmbeddedMongod> => {
    const embedded = await EmbeddedMongod.start({
      dataDir,
      mongodBinary: testMongodBinary(),
      log: (line) => lines.push(line),
    });
    started.push(embedded);
    return embedded;
  };

  /** What a hard kill of the app leaves: the mongod runs, nobody holds the lock. */
  const leaveMongodBehind = async (address: MongodAddress): Promise<MongodProcess> => {
    const mongod = await startMongod({
      binary: testMongodBinary(),
      dbPath: join(dataDir, 'mongodb'),
      address,
      logPath: join(dataDir, 'mongod.log'),
      replicaSet: 'sixdigit',
    });
    await becomeOneNodeSet(address, 'sixdigit');
    return mongod;
  };

  beforeEach(async () => {
    lines = [];
    dataDir = await mkdtemp(join(tmpdir(), 'sixdigit-embedded-'));
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((embedded) => embedded.stop()));
    await rm(dataDir, { recursive: true, force: true });
  });

  it('is a good replica set in a folder of the owner only, and finds its data after a restart', async () => {
    const first = await start();
    await expect(checkDatabase(first.uri)).resolves.toEqual([]);
    expect((await stat(join(dataDir, 'mongodb'))).mode & 0o777).toBe(0o700);
    await withThings(first.uri, (things) => things.insertOne({ _id: 'kept' }));
    await first.stop();
    const second = await start();
    expect(second.uri).toBe(first.uri);
    expect(await withThings(second.uri, (things) => things.countDocuments())).toBe(1);
  });

  // Builds before 2026-11-27 listened on a port.
  it('takes over a folder whose replica set knows itself by a port', async () => {
    const port = await freePort();
    const before = await leaveMongodBehind({ port });
    const uri = `mongodb://127.0.0.1:${port}/?replicaSet=sixdigit`;
    await withThings(uri, (things) => things.insertOne({ _id: 'kept' }));
    await before.stop();
    const embedded = await start();
    expect(await withThings(embedded.uri, (things) => things.countDocuments())).toBe(1);
  });

  it.each([
    ['is too long for a socket', 'd'.repeat(100)],
    ['has letters that MongoDB does not take', 'two, lists: 100 %'],
  ])('listens in a folder of its own when the path of the data %s, and removes it', async (_, name) => {
    const parent = dataDir;
    dataDir = join(parent, name);
    const embedded = await start();
    const socket = /mongodb:\/\/([^/]+)/.exec(embedded.uri)?.[1] ?? '';
    const folder = dirname(decodeURIComponent(socket));
    expect(dirname(folder)).toBe(tmpdir());
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(lines.join()).toContain(`MongoDB listens at ${folder}`);
    await withThings(embedded.uri, (things) => things.insertOne({ _id: 'works' }));
    await embedded.stop();
    await expect(stat(folder)).rejects.toThrow('ENOENT');
    dataDir = parent;
  });

  it('refuses a second app on the same folder and leaves the first one alone', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(/in use by another instance/);
    await withThings(first.uri, (things) => things.insertOne({ _id: 'still works' }));
  });

  it('stops the mongod of an app that was killed and keeps what it had acknowledged', async () => {
    const first = await start();
    await first.stop();
    const address = { socket: join(dataDir, 'mongodb', 'start.sock') };
    const leftover = await leaveMongodBehind(address);
    await withThings(directUri(address), (things) => things.insertOne({ _id: 'acknowledged' }));
    const second = await start();
    await expect(leftover.exited).resolves.toBe('exit code 0');
    expect(await withThings(second.uri, (things) => things.countDocuments())).toBe(1);
  });

  it('restarts a mongod that dies under the app, and open clients go on', async () => {
    const embedded = await start();
    await withThings(embedded.uri, async (things) => {
      await things.insertOne({ _id: 'before' });
      const killed = embedded.pid;
      process.kill(killed, 'SIGKILL');
      while (embedded.pid === killed) await sleep(20);
      await things.insertOne({ _id: 'after' });
      expect(await things.countDocuments()).toBe(2);
    });
    expect(lines.join()).toMatch(/ended \(stopped by SIGKILL\); starting it again/);
  });

  it('leaves no process behind when it is stopped while it restarts', async () => {
    for (const wait of [0, 250, 500]) {
      const embedded = await start();
      process.kill(embedded.pid, 'SIGKILL');
      await sleep(wait);
      await embedded.stop();
      expect(() => process.kill(embedded.pid, 0)).toThrow('ESRCH');
      expect(await stopLeftoverMongod(join(dataDir, 'mongodb'))).toBe(false);
    }
  });

  it('tells why it cannot start, with the remedy, and gives the folder back', async () => {
    const first = await start();
    await first.stop();
    const broken = { dataDir, mongodBinary: join(dataDir, 'none'), log: () => undefined };
    await expect(EmbeddedMongod.start(broken)).rejects.toThrow(/MONGOD_BINARY.*not found/);
    await start();
  });
});
