/**
 * `npm test [-- --report=file] [-- options of Jest]`: all tests, in two rounds; at the end the ten slowest
 * files, and once more what failed, because a first round's failures are far up by then.
 * Files that test under load or with time-outs at stake get a round of their own, so that nothing else disturbs them.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { countTests, failures, type Round, type RoundResult, slowestFiles } from './summary';

const root = resolve(__dirname, '..');
const jest = join(root, 'node_modules/jest/bin/jest.js');
const SLOWEST = 10;

/** Most files that talk to processes wait more than they work: one worker more than there are cores. */
const workers = String(availableParallelism() + 1);
/** Each fault file waits half a minute for leases to run out, and loads the machine for less than that. */
const troubleWorkers = '4';

const rounds = [
  ['--selectProjects', 'unit', 'int', 'e2e', 'regressions', '--maxWorkers', workers],
  ['--selectProjects', 'trouble', '--maxWorkers', troubleWorkers],
];

async function runRound(args: readonly string[], outputFile: string): Promise<Round> {
  const reporting = ['--passWithNoTests', '--json', '--outputFile', outputFile];
  const child = spawn(process.execPath, [jest, ...args, ...reporting], { cwd: root, stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  // Ctrl+C reaches Jest by itself; it must not end this process before Jest has tidied up.
  const ignore = (): void => undefined;
  process.on('SIGTERM', forward).on('SIGINT', ignore);
  const exitCode = await new Promise<number>((done) => child.once('close', (code) => done(code ?? 1)));
  process.off('SIGTERM', forward).off('SIGINT', ignore);
  const text = await readFile(outputFile, 'utf8').catch(() => null);
  return { exitCode, result: text === null ? null : (JSON.parse(text) as RoundResult) };
}

async function runAll(options: readonly string[]): Promise<Round[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sixdigit-rounds-'));
  const done: Round[] = [];
  try {
    for (const args of rounds) {
      const round = await runRound([...args, ...options], join(folder, `${done.length}.json`));
      done.push(round);
      // Broken off: whoever did that wants no second round.
      if (round.result === null) break;
    }
    return done;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<boolean> {
  const started = performance.now();
  const given = process.argv.slice(2);
  const report = given.find((one) => one.startsWith('--report='))?.slice('--report='.length);
  const done = await runAll(given.filter((one) => !one.startsWith('--report=')));
  const counts = countTests(done);
  const failed = failures(done, root);
  if (report !== undefined) await writeFile(report, JSON.stringify({ ...counts, failures: failed }));

  console.log(`\nThe ${SLOWEST} slowest files:`);
  for (const { file, seconds } of slowestFiles(done, SLOWEST))
    console.log(`${seconds.toFixed(1).padStart(7)} s  ${relative(root, file)}`);
  if (failed.length > 0) console.log(`\nWhat failed:\n${failed.join('\n\n')}`);
  const tookSeconds = Math.round((performance.now() - started) / 1_000);
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, in ${tookSeconds} s`);
  return counts.failed === 0 && counts.passed > 0;
}

main().then(
  (isGood) => process.exit(isGood ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
