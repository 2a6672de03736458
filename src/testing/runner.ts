/**
 * The functions of a test runner that the suites use: Jest's, Vitest's and Mocha's globals have them, `node:test` too.
 * Assertions are `node:assert`, which every runner shows.
 */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void> | void) => unknown;
  readonly beforeEach: (body: () => Promise<void> | void) => unknown;
  readonly afterEach: (body: () => Promise<void> | void) => unknown;
}

const names = ['describe', 'it', 'beforeEach', 'afterEach'] as const;

/**
 * The globals of the runner at hand; where there are none, `node:test`.
 * @throws Error in Vitest without globals: it would not hear of tests that another runner runs, and report success
 */
export function currentRunner(globals: object = globalThis): Runner {
  const given = globals as Partial<Runner>;
  if (names.every((name) => typeof given[name] === 'function')) return given as Runner;
  if ('__vitest_worker__' in globals)
    throw new Error(
      'sixdigit/testing: set `globals: true` in the configuration of Vitest, or hand in its functions: ' +
        'gatewayContract(start, { describe, it, beforeEach, afterEach }).',
    );
  // Late, because other runners have no business with it.
  const { describe, it, beforeEach, afterEach } = process.getBuiltinModule('node:test');
  return {
    describe: (name, body) => describe(name, body),
    it: (name, body) => it(name, async () => body()),
    beforeEach: (body) => beforeEach(async () => body()),
    afterEach: (body) => afterEach(async () => body()),
  };
}
