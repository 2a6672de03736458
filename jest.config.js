/**
 * Nest 12 and the MongoDB driver are ESM or load modules dynamically; Jest runs CommonJS, so swc turns
 * those packages into CommonJS too. See docs/adr for why.
 */
const esmPackages = [
  '@nestjs',
  'mongodb',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  'load-esm',
  '@borewit',
  'content-disposition',
  'cookie',
  'jose',
  'intl-messageformat',
  '@formatjs',
  'fast-png',
  'iobuffer',
  'preact',
  'preact-render-to-string',
];

/** By swc; `tsx` apart, because in it `<T>` of a generic function could be a tag. */
const transformBy = (parser) => [
  '@swc/jest',
  {
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', decorators: true, ...parser },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        react: { runtime: 'automatic', importSource: 'preact' },
      },
      keepClassNames: true,
    },
    module: { type: 'commonjs' },
  },
];

/** @type {import('jest').Config} */
const base = {
  rootDir: __dirname,
  setupFiles: ['<rootDir>/test/support/forget-async-stores.cjs'],
  testEnvironment: 'node',
  transform: { '^.+\\.(t|j|mj)s$': transformBy({}), '^.+\\.tsx$': transformBy({ tsx: true }) },
  // Also where one of them lies inside another package: mongoose has the driver in a node_modules of its own.
  transformIgnorePatterns: [`/node_modules/(?!(?:.*/node_modules/)?(?:${esmPackages.join('|')})/)`],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.sixdigit/'],
};

const withMongo = {
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};

/** One file for each fault of others, over processes that they share. */
const regressions = {
  ...base,
  ...withMongo,
  displayName: 'regressions',
  globalSetup: '<rootDir>/test/support/global-shared-setup.ts',
  testMatch: ['<rootDir>/test/regressions/**/*.e2e-spec.ts'],
};

/** Under load, or with time-outs at stake: `npm test` runs them last, so that other files do not disturb them. */
const trouble = ['<rootDir>/test/faults/**/*.e2e-spec.ts', '<rootDir>/test/chaos/**/*.spec.ts'];
const inTrouble = ['<rootDir>/test/faults/.*\\.e2e-spec\\.ts$', '<rootDir>/test/chaos/'];

/**
 * Five tiers: no I/O; a real MongoDB; the booted app over HTTP and real processes; the same with the faults of others;
 * the same in trouble.
 */
/** @type {import('jest').Config} */
const config = {
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/{src,config,web,test,scripts,bench}/**/*.spec.{ts,tsx}'],
      testPathIgnorePatterns: ['/node_modules/', ...inTrouble],
    },
    { ...base, ...withMongo, displayName: 'int', testMatch: ['<rootDir>/{src,test}/**/*.int-spec.ts'] },
    { ...base, ...withMongo, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.e2e-spec.ts'] },
    regressions,
    { ...base, ...withMongo, displayName: 'trouble', testMatch: trouble },
  ],
  testSequencer: '<rootDir>/test/support/slow-tiers-first.cjs',
  testTimeout: 30_000,
  // Every file has all modules anew, and what was before is kept until memory is short.
  workerIdleMemoryLimit: '1GB',
};

module.exports = config;
