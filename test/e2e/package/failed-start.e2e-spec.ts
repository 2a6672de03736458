import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamicModule, Module } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { DURABLE_DB } from '../../../src/database/durable-connection';
import { createSixdigit } from '../../../src/package/sixdigit';
import { testServerUri } from '../../support/mongo';

@Module({})
class BrokenModule {}

jest.setTimeout(60_000);
/** No connection of the test's own: it would be counted. The server is thrown away after the run. */
const uri = testServerUri('failed_start');

describe('Sixdigit with a module that cannot start', () => {
  let folder = '';
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'sixdigit-broken-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** The embedded database is reached by a socket of the file system. */
  const sockets = () =>
    process.getActiveResourcesInfo().filter((kind) => /^(TCPSocket|Pipe)Wrap$/.test(kind)).length;
  const mongods = () =>
    execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('mongod') && line.includes(folder)).length;

  /** Fails once the application is connected to its database. */
  const failsLate = (seen: () => void): DynamicModule => ({
    module: BrokenModule,
    providers: [
      {
        provide: 'broken',
        inject: [getConnectionToken(), DURABLE_DB],
        useFactory: () => {
          seen();
          throw new Error('broken on purpose');
        },
      },
    ],
  });

  // Catches: connections that only hooks close, which Nest does not run for a start that failed.
  it.each(['a database of its own', 'the embedded one'])('leaves nothing running, on %s', async (which) => {
    const before = sockets();
    const during = { sockets: 0, mongods: 0 };
    const module = failsLate(() => Object.assign(during, { sockets: sockets(), mongods: mongods() }));
    const isEmbedded = which === 'the embedded one';
    const { MONGOD_BINARY = process.env['SIXDIGIT_TEST_MONGOD'] } = process.env;
    const env = {
      NODE_ENV: 'development',
      DATA_DIR: folder,
      LOG_LEVEL: 'silent',
      ...(isEmbedded ? { MONGOD_BINARY } : { MONGODB_URI: uri }),
    };
    await expect(createSixdigit({ env, imports: [module] })).rejects.toThrow('broken on purpose');
    expect(during.sockets).toBeGreaterThan(before);
    expect(during.mongods).toBe(isEmbedded ? 1 : 0);
    expect(mongods()).toBe(0);
    // What is closed is counted until the end of the turn.
    await sleep(200);
    expect(sockets()).toBeLessThanOrEqual(before);
  });
});
