import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode } from '../startup-error';
import { type DataFolderLock, lockDataFolder } from './data-folder-lock';

describe('the lock of the data folder', () => {
  let parent = '';
  let folder = '';

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'sixdigit-lock-'));
    folder = join(parent, 'data');
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const leaveLock = async (holder: unknown): Promise<void> => {
    await (await lockDataFolder(folder)).release();
    await writeFile(join(folder, 'app.lock'), typeof holder === 'string' ? holder : JSON.stringify(holder));
  };

  it('creates the folder for its owner only and leaves nothing behind', async () => {
    const lock = await lockDataFolder(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a second app with the remedies, until the first is done', async () => {
    const first = await lockDataFolder(folder);
    await expect(lockDataFolder(folder)).rejects.toMatchObject({
      message: expect.stringMatching(/in use by another instance \(process \d+\).*DATA_DIR.*MONGODB_URI/s),
      exitCode: ExitCode.dataFolderInUse,
    });
    await first.release();
    await (await lockDataFolder(folder)).release();
  });

  it.each([
    ['of a process that is gone', { pid: 999_999_999, startedAt: '1' }],
    ['of an earlier process with our own number', { pid: process.pid, startedAt: '1' }],
    ['of an earlier process with the number of another program', { pid: 1, startedAt: '-1' }],
    ['that is not readable', 'nonsense'],
  ])('takes over a lock %s', async (_, holder) => {
    await leaveLock(holder);
    await (await lockDataFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets one of many take over a stale lock at once; catches a take-over that reads and then writes', async () => {
    // A little apart, so that some read the stale lock while another has replaced it already.
    const rival = (n: number, round: number): Promise<DataFolderLock> =>
      sleep((n % 4) * (round % 3)).then(() => lockDataFolder(folder));
    for (let round = 0; round < 100; round++) {
      await leaveLock({ pid: 999_999_999, startedAt: '1' });
      const results = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => rival(n, round)));
      const holders = results.filter((result) => result.status === 'fulfilled');
      expect(holders).toHaveLength(1);
      await holders[0]?.value.release();
    }
  });
});
