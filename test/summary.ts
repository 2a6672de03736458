import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What a round of tests says of itself: the parts of Jest's `--json` that count here. */
export interface RoundResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that could not even start. They have no tests to fail, so each counts as one. */
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly status: string;
    /** Of the whole file: why it could not start, or all that failed in it. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

export interface Round {
  readonly exitCode: number;
  /** Null: Jest ended before it could write any. */
  readonly result: RoundResult | null;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export interface FileTime {
  readonly file: string;
  readonly seconds: number;
}

/** What really ran, over all rounds. */
export function countTests(rounds: readonly Round[]): Counts {
  const counts = rounds.map(countRound);
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  };
}

function countRound({ exitCode, result }: Round): Counts {
  const passed = result?.numPassedTests ?? 0;
  const failed = (result?.numFailedTests ?? 0) + (result?.numRuntimeErrorTestSuites ?? 0);
  // Jest may fail for a reason that is no test, e.g. its set-up.
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

/** The files that took longest, from the start of their first test to the end of their last hook. */
export function slowestFiles(rounds: readonly Round[], count: number): FileTime[] {
  return rounds
    .flatMap(({ result }) => result?.testResults ?? [])
    .map(({ name, startTime, endTime }) => ({ file: name, seconds: (endTime - startTime) / 1_000 }))
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, count);
}

/** Enough of a failure to see what it was: an assertion with its difference, and the place in the test. */
const FAILURE_LINES = 25;

/** Every test that failed, and every file that failed without one: its file from `root`, its name, and how it failed. */
export function failures(rounds: readonly Round[], root: string): string[] {
  return rounds
    .flatMap(({ result }) => result?.testResults ?? [])
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const file = relative(root, name);
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      // No test of its own: it could not start, or failed in a hook after its tests.
      if (failed.length === 0) return [described(file, message)];
      return failed.map((test) =>
        described(`${file}: ${test.fullName}`, (test.failureMessages ?? []).join('\n')),
      );
    });
}

function described(what: string, how: string): string {
  // Without empty lines, and without the frames of the test runner.
  const lines = stripVTControlCharacters(how)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at .*node_modules/.test(line));
  return [what, ...lines.slice(0, FAILURE_LINES).map((line) => `    ${line}`)].join('\n');
}
