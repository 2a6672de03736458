import { countTests, failures, type Round, type RoundResult, slowestFiles } from './summary';

const file = (name: string, seconds: number): RoundResult['testResults'][number] => ({
  name,
  startTime: 5_000,
  endTime: 5_000 + seconds * 1_000,
  status: 'passed',
  message: '',
  assertionResults: [{ fullName: 'a that is well', status: 'passed', failureMessages: [] }],
});
const round = (passed: number, failed: number, broken = 0, files = [file('a', 1)]): Round => ({
  exitCode: failed + broken > 0 ? 1 : 0,
  result: {
    numPassedTests: passed,
    numFailedTests: failed,
    numRuntimeErrorTestSuites: broken,
    testResults: files,
  },
});

describe('the summary of a test run', () => {
  it('adds up what ran in every round', () => {
    expect(countTests([round(3, 0), round(4, 2)])).toEqual({ passed: 7, failed: 2 });
  });

  it('counts a file that could not start as one failure', () => {
    expect(countTests([round(3, 1, 2)])).toEqual({ passed: 3, failed: 3 });
  });

  // Catches: a set-up that fails, or a Jest that dies, taken for a success.
  it('counts a round that failed without a failed test as one failure', () => {
    expect(countTests([{ ...round(3, 0), exitCode: 1 }])).toEqual({ passed: 3, failed: 1 });
    expect(countTests([round(3, 0), { exitCode: 143, result: null }])).toEqual({ passed: 3, failed: 1 });
  });

  it('names the slowest files over all rounds, the slowest first', () => {
    const rounds = [
      round(1, 0, 0, [file('quick', 1), file('slow', 9)]),
      round(1, 0, 0, [file('slower', 12.5), file('middling', 4)]),
      { exitCode: 1, result: null },
    ];
    expect(slowestFiles(rounds, 3)).toEqual([
      { file: 'slower', seconds: 12.5 },
      { file: 'slow', seconds: 9 },
      { file: 'middling', seconds: 4 },
    ]);
  });

  it('names what failed with its file and the first lines of how', () => {
    const long = Array.from(
      { length: 60 },
      (_none, n) => `\u001b[31mline ${n}\u001b[39m\n\n   at some (/x/node_modules/jest/a.js)`,
    ).join('\n');
    const failed = { fullName: 'a that is not', status: 'failed', failureMessages: [long] };
    const files = [
      {
        ...file('/here/src/a.spec.ts', 1),
        status: 'failed',
        message: 'everything',
        assertionResults: [failed],
      },
      {
        ...file('/here/src/b.spec.ts', 1),
        status: 'failed',
        message: 'no such module',
        assertionResults: [],
      },
    ];
    const [test, broken, ...more] = failures(
      [round(1, 1, 1, [file('/here/src/c.spec.ts', 1), ...files])],
      '/here',
    );
    expect(test?.split('\n').slice(0, 3)).toEqual([
      'src/a.spec.ts: a that is not',
      '    line 0',
      '    line 1',
    ]);
    expect(test).not.toContain('line 30');
    expect(broken).toBe('src/b.spec.ts\n    no such module');
    expect(more).toEqual([]);
  });

  it('names nothing when all is well, or when nothing is known', () => {
    expect(failures([round(3, 0), { exitCode: 143, result: null }], '/')).toEqual([]);
  });
});
