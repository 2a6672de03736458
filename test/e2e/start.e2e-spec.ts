import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitCode } from '../../src/database/startup-error';
import { AppProcess } from '../support/app-process';
import { testServerUri } from '../support/mongo';

const refusedWith = async (env: Record<string, string>): Promise<{ code: number | null; words: string }> => {
  const app = await AppProcess.start({ env, waitUntilReady: false });
  const { code } = await app.exited;
  return { code, words: app.stderr };
};

// Up to four processes after each other, beside other tests.
jest.setTimeout(120_000);

describe('starting and stopping the built app', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sixdigit-start-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const withOwnDatabase = (): { env: Record<string, string> } => ({
    env: { DATA_DIR: folder, MONGOD_BINARY: process.env['SIXDIGIT_TEST_MONGOD'] ?? '' },
  });

  const create = async (app: AppProcess): Promise<string> => {
    const response = await app.call('POST', '/v1/verifications', { to: '+34600000001' });
    expect(response.status).toBe(201);
    return ((await response.json()) as { id: string }).id;
  };

  it('brings its own MongoDB, and loses nothing over a stop, a hard kill and a second start on the folder', async () => {
    const first = await AppProcess.start(withOwnDatabase());
    const id = await create(first);

    const second = await AppProcess.start({ ...withOwnDatabase(), waitUntilReady: false });
    await expect(second.exited).resolves.toMatchObject({ code: ExitCode.dataFolderInUse });
    expect(second.stderr).toMatch(/in use by another instance/);

    await expect(first.stop()).resolves.toEqual({ code: 0, signal: null });
    const third = await AppProcess.start({
      env: { ...withOwnDatabase().env, BOOTSTRAP_API_KEY: first.apiKey },
    });
    expect((await third.call('GET', `/v1/verifications/${id}`)).status).toBe(200);
    await third.kill();

    const fourth = await AppProcess.start({
      env: { ...withOwnDatabase().env, BOOTSTRAP_API_KEY: first.apiKey },
    });
    expect((await fourth.call('GET', `/v1/verifications/${id}`)).status).toBe(200);
    await fourth.stop();
  });

  it('goes on by itself when its MongoDB is killed', async () => {
    const app = await AppProcess.start(withOwnDatabase());
    const id = await create(app);
    const pid = await mongodPid(folder);
    process.kill(pid, 'SIGKILL');
    const deadline = Date.now() + 15_000;
    let status = 0;
    while (status !== 200 && Date.now() < deadline) {
      status = (await app.call('GET', `/v1/verifications/${id}`)).status;
      expect([200, 503]).toContain(status);
    }
    expect(status).toBe(200);
    await app.stop();
  });

  it('names an unreachable server, wrong settings and a missing mongod, each with an exit code of its own', async () => {
    const secretsFile = join(folder, 'short.json');
    await writeFile(secretsFile, '{"index":"c2hvcnQ=","ring":[{"kid":"a","key":"c2hvcnQ="}]}');
    await chmod(secretsFile, 0o644);
    // Together: the first waits for a server that never comes.
    const [unreachable, wrong, several, missing] = await Promise.all([
      refusedWith({ MONGODB_URI: 'mongodb://ana:s3cret@127.0.0.1:1/x' }),
      refusedWith({ MONGODB_URI: `${testServerUri('x')}&j=false` }),
      refusedWith({ NODE_ENV: 'production', SECRETS_FILE: secretsFile, ADMIN_KEY: 'short' }),
      refusedWith({ MONGOD_BINARY: join(folder, 'none') }),
    ]);
    expect(unreachable).toMatchObject({ code: ExitCode.databaseUnreachable });
    expect(unreachable.words).toMatch(/cannot be reached through MONGODB_URI/);
    expect(unreachable.words).not.toMatch(/ana|s3cret|\n\s+at /);
    expect(wrong).toMatchObject({ code: ExitCode.wrongSetting });
    expect(several).toMatchObject({ code: ExitCode.wrongSetting });
    expect(several.words).toMatch(/ADMIN_KEY: must have at least 32 characters/);
    expect(several.words).toMatch(/SECRETS_FILE: index is shorter than 32 bytes; ring\[0\]\.key is shorter/);
    expect(several.words).toMatch(/SECRETS_FILE: other accounts of this machine get at it \(mode 0644\)/);
    expect(missing).toMatchObject({ code: ExitCode.mongodMissing });
  });
});

async function mongodPid(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'mongodb', 'mongod.lock'), 'utf8'), 10);
}
