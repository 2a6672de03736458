import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '../../../test/fakes/certificate';
import { runProgram } from './child-process';
import type { DownloadResult } from './mongod-download';

/** In a process of its own, because the download inherits the variables of its parent. */
const script = `
  const { downloadFromVendor } = require('./src/database/mongod/mongod-download');
  const [into, url, trusted] = process.argv.slice(1);
  process.env.MONGOMS_DOWNLOAD_URL = url;
  process.env.NODE_EXTRA_CA_CERTS = trusted;
  downloadFromVendor(into, () => undefined).then((result) => console.log(JSON.stringify(result)));
`;

/** Stands for the vendor: one archive, and what is published as its sum. */
describe('the vendor’s download', () => {
  let folder = '';
  let into = '';
  let archive: Buffer = Buffer.alloc(0);
  let published: string | null = null;
  let vendor: Server;
  let url = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sixdigit-vendor-'));
    into = join(folder, 'cache');
    await mkdir(into);
    archive = await archiveIn(folder);
    published = `${createHash('sha256').update(archive).digest('hex')}  mongodb.tgz\n`;
    const certificate = await selfSigned('vendor.example');
    await writeFile(join(folder, 'ca.pem'), certificate.cert);
    vendor = createServer(certificate, (request, response) => {
      const body = request.url?.endsWith('.sha256') ? published : archive;
      response.statusCode = body === null ? 403 : 200;
      response.end(body);
    });
    await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(vendor.address() as AddressInfo).port}/linux/mongodb-linux-x86_64-ubuntu2204-7.0.24.tgz`;
  });
  afterEach(async () => {
    await new Promise((resolve) => vendor.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  const download = async (trusted = join(folder, 'ca.pem')): Promise<DownloadResult> => {
    const args = ['-r', './scripts/register.cjs', '-e', script, into, url, trusted];
    const { stdout, problem } = await runProgram(process.execPath, args, { timeoutMs: 30_000 });
    if (problem !== '') throw new Error(problem);
    return JSON.parse(stdout) as DownloadResult;
  };

  it('is used when its SHA-256 is the published one', async () => {
    const { path, problem } = await download();
    expect(problem).toBe('');
    expect(await readFile(String(path), 'utf8')).toContain('db version v7.0.24');
    expect(await readdir(into)).toEqual(['mongod-7.0.24']);
  });

  // Catches: an archive that was changed on the way or in a cache, and a missing sum taken for a good one.
  it.each([
    [
      'was changed',
      () => (archive = Buffer.concat([archive, Buffer.from('x')])),
      /SHA-256 is not the published/,
    ],
    ['has no published sum', () => (published = null), /403/],
    ['has a blank one', () => (published = '\n'), /SHA-256 is not the published/],
    ['has another one', () => (published = `${'0'.repeat(64)}  mongodb.tgz`), /SHA-256 is not the published/],
  ])('is not used when it %s, and nothing of it stays', async (_, change, reason) => {
    change();
    expect(await download()).toMatchObject({ path: null, problem: expect.stringMatching(reason) });
    expect(await readdir(into)).toEqual([]);
  });

  // Catches: a download that takes any certificate, as the package does by default.
  it('is not used from a host with a certificate that nobody vouches for', async () => {
    expect(await download('')).toMatchObject({ path: null, problem: expect.stringMatching(/certificate/) });
  });
});

/** A tgz as the vendor packs it, with a script in place of the program. */
async function archiveIn(folder: string): Promise<Buffer> {
  await mkdir(join(folder, 'mongodb', 'bin'), { recursive: true });
  await writeFile(join(folder, 'mongodb', 'bin', 'mongod'), '#!/bin/sh\necho "db version v7.0.24"\n');
  const file = join(folder, 'mongodb.tgz');
  const packed = await runProgram('tar', ['-czf', file, '-C', folder, 'mongodb'], { timeoutMs: 10_000 });
  if (!packed.ok) throw new Error(packed.problem);
  return readFile(file);
}
