import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getConnectionToken } from '@nestjs/mongoose';
import { DURABLE_DB } from '../../../src/database/durable-connection';
import { createSixdigit, SixdigitModule } from '../../../src/package/sixdigit';
import { until } from '../../support/engine';
import { testServerUri } from '../../support/mongo';

jest.setTimeout(60_000);
let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'sixdigit-endings-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

type Which = 'a database of its own' | 'the embedded one';
const settings = (which: Which) => ({
  NODE_ENV: 'development',
  DATA_DIR: folder,
  LOG_LEVEL: 'silent',
  ...(which === 'the embedded one'
    ? { MONGOD_BINARY: process.env['MONGOD_BINARY'] ?? process.env['SIXDIGIT_TEST_MONGOD'] }
    : // No connection of the test's own: it would be counted. The server is thrown away after the run.
      { MONGODB_URI: testServerUri('endings') }),
});

/** Of Node.js, and in no type: `getActiveResourcesInfo` does not tell a connection from a stream of the process. */
const { _getActiveHandles: handles } = process as unknown as { _getActiveHandles: () => object[] };
/** Streams of the process have a number, and may be opened at any time by whoever writes first. */
const isConnection = (handle: object) => handle instanceof Socket && !(handle as { fd?: number }).fd;

/** What runs now. The embedded database is reached by a socket of the file system. */
const running = () => ({
  sockets: handles().filter(isConnection).length,
  mongods: execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('mongod') && line.includes(folder)).length,
});

async function nothingMoreThan(before: ReturnType<typeof running>): Promise<void> {
  expect(running().mongods).toBe(0);
  // What is closed is counted until the system has closed it; what is not closed is counted for good.
  await until(() => Promise.resolve(running().sockets <= before.sockets));
}

@Module({})
class BrokenModule {
  /** Fails once the application is connected to its database. */
  static late(seen: () => void): DynamicModule {
    const useFactory = (): void => {
      seen();
      throw new Error('broken on purpose');
    };
    const broken = { provide: 'broken', inject: [getConnectionToken(), DURABLE_DB], useFactory };
    return { module: BrokenModule, providers: [broken] };
  }
}

describe.each<[Which, number]>([
  ['a database of its own', 0],
  ['the embedded one', 1],
])('nothing is left running, on %s', (which, mongods) => {
  // Catches: connections that only hooks close, which Nest does not run for a start that failed.
  it('of a start that failed', async () => {
    const before = running();
    let during = before;
    const imports = [BrokenModule.late(() => (during = running()))];
    const start = createSixdigit({ env: settings(which), imports });
    await expect(start).rejects.toThrow('broken on purpose');
    expect(during.sockets).toBeGreaterThan(before.sockets);
    expect(during.mongods).toBe(mongods);
    await nothingMoreThan(before);
  });

  // Catches: a guest that its host forgets.
  it('in a host that was closed', async () => {
    const before = running();
    const host = await NestFactory.createApplicationContext(
      SixdigitModule.register({ env: settings(which) }),
      { logger: false, abortOnError: false },
    );
    expect(running().sockets).toBeGreaterThan(before.sockets);
    expect(running().mongods).toBe(mongods);
    await host.close();
    await nothingMoreThan(before);
  });
});
