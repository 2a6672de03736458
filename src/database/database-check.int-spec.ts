import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testMongodBinary, testServerUri } from '../../test/support/mongo';
import { checkDatabase } from './database-check';
import { freePort, type MongodProcess, startMongod } from './mongod/mongod-process';
import { ExitCode, StartupError } from './startup-error';

async function refusal(uri: string, limitMs = 500): Promise<StartupError> {
  const error = await checkDatabase(uri, limitMs).catch((reason: unknown) => reason);
  if (error instanceof StartupError) return error;
  throw new Error('expected a StartupError');
}

describe('checking the server of MONGODB_URI', () => {
  let folder = '';
  const running: MongodProcess[] = [];

  async function start(replicaSet: string | null): Promise<number> {
    const dbPath = join(folder, `data${running.length}`);
    const port = await freePort();
    running.push(
      await startMongod({
        binary: testMongodBinary(),
        dbPath,
        address: { port },
        logPath: `${dbPath}.log`,
        replicaSet,
      }),
    );
    return port;
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sixdigit-check-'));
  });

  afterAll(async () => {
    await Promise.all(running.map((mongod) => mongod.kill()));
    await rm(folder, { recursive: true, force: true });
  });

  it('finds nothing to say about a good replica set', async () => {
    await expect(checkDatabase(testServerUri())).resolves.toEqual([]);
  });

  it('refuses a server that is no replica set, also when the URI names one', async () => {
    const port = await start(null);
    const plain = await refusal(`mongodb://127.0.0.1:${port}/x`);
    expect(plain.message).toMatch(/MONGODB_URI is not a replica set/);
    expect(plain.exitCode).toBe(ExitCode.databaseUnsuitable);
    const named = await refusal(`mongodb://127.0.0.1:${port}/x?replicaSet=rs0`);
    expect(named.message).toMatch(/belongs to the replica set "rs0"/);
  });

  it('tells how to initiate a set that was not', async () => {
    const port = await start('rs0');
    const { message } = await refusal(`mongodb://127.0.0.1:${port},127.0.0.1:1/x?replicaSet=rs0`);
    expect(message).toMatch(/rs\.initiate/);
  });

  it('says that nobody listens, within the limit and without credentials', async () => {
    const uri = `mongodb://ana:s3cret@127.0.0.1:${await freePort()}/x?replicaSet=rs0`;
    const ended: string[] = [];
    const patient = refusal(uri, 2_500).finally(() => ended.push('patient'));
    const { message, exitCode } = await refusal(uri);
    // It began later; without its limit it would end later.
    expect(ended).toEqual([]);
    await patient;
    expect(message).toMatch(/cannot be reached through MONGODB_URI/);
    expect(message).not.toMatch(/ana|s3cret/);
    expect(exitCode).toBe(ExitCode.databaseUnreachable);
  });

  it('gives up on a server that accepts connections and never answers', async () => {
    const mute = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await new Promise((resolve) => mute.once('listening', resolve));
    const { port } = mute.address() as { port: number };
    const { exitCode } = await refusal(`mongodb://127.0.0.1:${port}/x?replicaSet=rs0`);
    expect(exitCode).toBe(ExitCode.databaseUnreachable);
    mute.close();
  });

  it('names a wrong password without showing it', async () => {
    const { message, exitCode } = await refusal(testServerUri('x').replace('//', '//ana:s3cret@'));
    expect(message).toMatch(/refuses the user name or password in MONGODB_URI/);
    expect(message).not.toMatch(/ana|s3cret/);
    expect(exitCode).toBe(ExitCode.wrongSetting);
  });

  it.each([
    ['localhost:27017'],
    ['mongodb://'],
    ['mongodb://ana:s3c@ret@127.0.0.1/x'],
    ['mongodb://127.0.0.1/x?nonsense=1'],
    ['mongodb://127.0.0.1/x?j=false'],
  ])('calls %s a wrong setting', async (uri) => {
    const { message, exitCode } = await refusal(uri);
    expect(message).toContain('MONGODB_URI');
    expect(message).not.toMatch(/ana|s3c/);
    expect(exitCode).toBe(ExitCode.wrongSetting);
  });
});
