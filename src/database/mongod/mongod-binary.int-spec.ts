import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitCode } from '../startup-error';
import { findMongod, type MongodSearch } from './mongod-binary';
import type { Download } from './mongod-download';

describe('finding a mongod', () => {
  let folder = '';
  let cache = '';

  /** Stands for a mongod as far as `--version` goes. */
  const place = async (path: string, version: string): Promise<string> => {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, `#!/bin/sh\necho "db version v${version}"\n`);
    await chmod(path, 0o755);
    return path;
  };
  const delivering =
    (version: string): Download =>
    async (into) => ({
      source: 'a download',
      path: await place(join(into, `mongod-${version}`), version),
      problem: '',
    });
  const failing =
    (problem: string): Download =>
    async () => ({ source: 'a download', path: null, problem });
  const search = (change: Partial<MongodSearch>): Promise<string> =>
    findMongod({
      mongodBinary: null,
      dataDir: folder,
      onPath: join(folder, 'nowhere'),
      cacheFolders: [cache],
      downloads: [failing('no network')],
      ...change,
    });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sixdigit-binary-'));
    cache = join(folder, 'cache');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('takes MONGOD_BINARY before everything else', async () => {
    const chosen = await place(join(folder, 'mine'), '6.0.0');
    await place(join(cache, 'mongod-7.0.24'), '7.0.24');
    expect(await search({ mongodBinary: chosen })).toBe(chosen);
  });

  it.each([
    ['is missing', null, /not found/],
    ['is too old', '5.0.31', /5\.0\.31 is too old/],
  ])('stops when MONGOD_BINARY %s, instead of taking another', async (_, version, reason) => {
    const chosen = join(folder, 'mine');
    if (version) await place(chosen, version);
    await place(join(cache, 'mongod-7.0.24'), '7.0.24');
    await expect(search({ mongodBinary: chosen })).rejects.toMatchObject({
      message: expect.stringMatching(reason),
      exitCode: ExitCode.mongodMissing,
    });
  });

  it('takes the one on the PATH before an earlier download, unless it is too old', async () => {
    const cached = await place(join(cache, 'mongod-6.0.5'), '6.0.5');
    const onPath = await place(join(folder, 'mongod'), '8.0.1');
    expect(await search({ onPath })).toBe(onPath);
    await place(onPath, '4.2.0');
    expect(await search({ onPath })).toBe(cached);
  });

  it('downloads once: the next search finds the file', async () => {
    const downloaded = await search({ downloads: [failing('away'), delivering('6.0.5')] });
    expect(downloaded).toBe(join(cache, 'mongod-6.0.5'));
    expect(await search({})).toBe(downloaded);
  });

  it('passes over a download that does not run here', async () => {
    const broken: Download = async (into) => {
      const path = join(into, 'mongod-9.0.0');
      await mkdir(into, { recursive: true });
      await writeFile(path, 'for another processor', { mode: 0o755 });
      return { source: 'the vendor', path, problem: '' };
    };
    expect(await search({ downloads: [broken, delivering('6.0.5')] })).toBe(join(cache, 'mongod-6.0.5'));
    expect(await readdir(cache)).toContain('mongod-9.0.0');
    expect(await search({})).toBe(join(cache, 'mongod-6.0.5'));
  });

  it('downloads into the next folder when the first cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    const cacheFolders = [join(folder, 'file', 'cache'), cache];
    expect(await search({ cacheFolders, downloads: [delivering('6.0.5')] })).toBe(
      join(cache, 'mongod-6.0.5'),
    );
  });

  it('lists what was tried and every remedy when nothing works', async () => {
    const found = search({ downloads: [failing('host unreachable'), failing('no python3')] });
    await expect(found).rejects.toMatchObject({ exitCode: ExitCode.mongodMissing });
    const { message } = (await found.catch((error: unknown) => error)) as Error;
    for (const part of ['mongod on the PATH: not found', cache, 'host unreachable', 'no python3']) {
      expect(message).toContain(part);
    }
    for (const remedy of ['install MongoDB', 'MONGOD_BINARY', 'MONGODB_URI'])
      expect(message).toContain(remedy);
  });
});
