/**
 * `npm run mutation [-- --mutate <files>]`: changes the pure files of the heart, one operator at a time, and asks the
 * tests without I/O whether they notice. The score is the share of changes that they do.
 */
import jestConfig from './jest.config.js';

const unit = { ...jestConfig.projects.find(({ displayName }) => displayName === 'unit') };
// Of the copy that is changed, not of this folder.
delete unit.rootDir;

/** What decides, without effects. What orders effects is tried by seeded faults and campaigns. */
const pure = [
  'src/otp/slots/rules/**/*.ts',
  'src/otp/slots/commit/{answers,database-clock,newcomers,plan,queue,slot-memory,statement}.ts',
];

export default {
  mutate: [...pure, '!**/*spec.ts'],
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: {
    projectType: 'custom',
    // In place of all projects: most of them start processes and a database.
    config: { projects: [{ ...unit, testMatch: ['<rootDir>/src/otp/slots/**/*.spec.ts'] }] },
  },
  coverageAnalysis: 'perTest',
  // A change of what only loads costs a fresh start of Jest each, and of what stands at the top of a file nearly all is words.
  ignoreStatic: true,
  concurrency: 2,
  tempDirName: '.sixdigit/mutation',
  ignorePatterns: ['.sixdigit', 'dist', 'docs'],
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: '.sixdigit/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
};
