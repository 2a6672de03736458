import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { type Seed, withoutGuard } from './seed';

const root = resolve(__dirname, '../..');
const LIMIT_MS = 30 * 60_000;
/** Neither state, nor what is made from the sources. */
const left = new Set(['.git', '.sixdigit', 'node_modules', 'dist', 'coverage']);

/** What Jest says of a run: the parts that count here. */
interface JestResult {
  readonly numPassedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

export interface FailedTest {
  /** As `file: name`. */
  readonly test: string;
  /** The first words of its failure. */
  readonly why: string;
}

export interface CampaignResult {
  readonly failed: readonly FailedTest[];
  readonly passed: number;
  readonly seconds: number;
}

/** The sources in a folder of their own, in which guards are taken out and put back. */
export class SourceCopy {
  private constructor(private readonly folder: string) {}

  static async make(): Promise<SourceCopy> {
    const folder = await mkdtemp(join(tmpdir(), 'sixdigit-seeded-'));
    for (const name of await readdir(root)) {
      if (!left.has(name)) await cp(join(root, name), join(folder, name), { recursive: true });
    }
    await linkPackages(folder);
    return new SourceCopy(folder);
  }

  /** The work is done on the sources without that guard. */
  async without<T>({ edits }: Seed, work: () => Promise<T>): Promise<T> {
    const files = [...new Set(edits.map(({ file }) => join(this.folder, file)))];
    const whole = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    try {
      for (const edit of edits) {
        const file = join(this.folder, edit.file);
        await writeFile(file, withoutGuard(await readFile(file, 'utf8'), edit));
      }
      return await work();
    } finally {
      await Promise.all(files.map((file, n) => writeFile(file, whole[n] ?? '')));
    }
  }

  /** Runs test files. @throws when they cannot run at all, e.g. because it does not build: nobody noticed anything */
  async run(tests: readonly string[]): Promise<CampaignResult> {
    const started = performance.now();
    const report = join(this.folder, 'report.json');
    await rm(report, { force: true });
    await jest(this.folder, [...tests, '--ci', '--json', '--outputFile', report]);
    const text = await readFile(report, 'utf8').catch(() => {
      throw new Error(`${tests.join(', ')}: broken off, or not done within ${LIMIT_MS / 60_000} minutes`);
    });
    const result = JSON.parse(text) as JestResult;
    refuseBroken(result);
    const failed = result.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages: [why = ''] }) => ({
          test: `${relative(this.folder, name)}: ${fullName}`,
          why: why.slice(0, 500),
        })),
    );
    return { failed, passed: result.numPassedTests, seconds: (performance.now() - started) / 1_000 };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

function refuseBroken({ numRuntimeErrorTestSuites, testResults }: JestResult): void {
  const messages = testResults.flatMap(({ message, assertionResults }) => [
    ...(assertionResults.length === 0 ? [message] : []),
    ...assertionResults.flatMap(({ failureMessages }) => failureMessages),
  ]);
  const unbuilt = messages.find((message) => message.includes('the build failed'));
  if (unbuilt !== undefined) throw new Error(unbuilt.slice(0, 2_000));
  if (numRuntimeErrorTestSuites > 0)
    throw new Error(`a test file cannot run:\n${messages.join('\n').slice(0, 2_000)}`);
}

/** Each package as a link, but a cache of its own: a build of these sources is not one of the others. */
async function linkPackages(folder: string): Promise<void> {
  const packages = join(root, 'node_modules');
  await mkdir(join(folder, 'node_modules'));
  for (const name of await readdir(packages)) {
    if (name !== '.cache') await symlink(join(packages, name), join(folder, 'node_modules', name));
  }
}

function jest(folder: string, args: readonly string[]): Promise<void> {
  const bin = join(dirname(require.resolve('jest/package.json')), 'bin/jest.js');
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: 'ignore', timeout: LIMIT_MS });
  return new Promise((done) => child.once('close', () => done()));
}
