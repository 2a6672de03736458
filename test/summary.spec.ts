import { countTests, type Round, slowestFiles } from './summary';

const file = (name: string, seconds: number) => ({
  name,
  startTime: 5_000,
  endTime: 5_000 + seconds * 1_000,
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
});
