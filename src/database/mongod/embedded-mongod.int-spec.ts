import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import { testMongodBinary } from '../../../test/support/mongo';
import { checkDatabase } from '../database-check';
import { openDurableClient } from '../durable-connection';
import { EmbeddedMongod } from './embedded-mongod';
import { stopLeftoverMongod } from './leftover-mongod';
import { type MongodProcess, startMongod } from './mongod-process';
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
  const leaveMongodBehind = async (port: number): Promise<MongodProcess> => {
    const mongod = await startMongod({
      binary: testMongodBinary(),
      dbPath: join(dataDir, 'mongodb'),
      port,
      logPath: join(dataDir, 'mongod.log'),
      replicaSet: 'sixdigit',
    });
    await becomeOneNodeSet(port, 'sixdigit');
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

  it('moves the replica set to another port when its own is taken', async () => {
    const first = await start();
    await withThings(first.uri, (things) => things.insertOne({ _id: 'kept' }));
    await first.stop();
    const port = Number(await readFile(join(dataDir, 'mongodb.port'), 'utf8'));
    const stranger = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve));
    const second = await start();
    expect(second.uri).not.toBe(first.uri);
    expect(await withThings(second.uri, (things) => things.countDocuments())).toBe(1);
    await new Promise((resolve) => stranger.close(resolve));
  });

  it('refuses a second app on the same folder and leaves the first one alone', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(/in use by another instance/);
    await withThings(first.uri, (things) => things.insertOne({ _id: 'still works' }));
  });

  it('stops the mongod of an app that was killed and keeps what it had acknowledged', async () => {
    const first = await start();
    const port = Number(await readFile(join(dataDir, 'mongodb.port'), 'utf8'));
    await first.stop();
    const leftover = await leaveMongodBehind(port);
    await withThings(first.uri, (things) => things.insertOne({ _id: 'acknowledged' }));
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
