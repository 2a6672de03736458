/**
 * `npm run mutation [-- --mutate <files>]`: changes the pure files of the heart, one operator at a time, and asks the
 * tests without I/O whether they notice. The score is the share of changes that they do.
 */
import jestConfig from './jest.config.js';

const unit = { ...jestConfig.projects.find(({ displayName }) => displayName === 'unit') };
// Of the copy that is changed, not of this folder.
delete unit.rootDir;

/** What decides, without effects. What orders effects is tried by seeded faults and campaigns. */
const pure = ['src/otp/slots/rules/**/*.ts', 'src/otp/slots/commit/*.ts', 'src/limits/**/*.ts'];
const withEffects = 'controller,decorators,dto,gate,guard,job,module,pipe,repository,schema,service,storage';
/** They order writes and waits; only tests with a database reach them. */
const ordering = [
  'src/otp/slots/commit/*-commit.ts',
  'src/limits/counts/window-ledger.ts',
  'src/limits/log/log-cursor.ts',
];
const others = ['src/**/*spec.ts', `src/limits/**/*.{${withEffects}}.ts`, ...ordering];

export default {
  mutate: [...pure, ...others.map((glob) => `!${glob}`)],
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: {
    projectType: 'custom',
    // In place of all projects: most of them start processes and a database.
    config: { projects: [{ ...unit, testMatch: ['<rootDir>/src/{otp/slots,limits}/**/*.spec.ts'] }] },
  },
  coverageAnalysis: 'perTest',
  // What stands at the top of a file costs a fresh start of Jest for each change, and is mostly words.
  ignoreStatic: true,
  // A machine that is busy with other things makes no change look as if it never ended.
  timeoutMS: 60_000,
  concurrency: 2,
  tempDirName: '.sixdigit/mutation',
  ignorePatterns: ['.sixdigit', 'dist'],
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: '.sixdigit/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
};
