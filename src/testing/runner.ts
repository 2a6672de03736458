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

/** The globals of the runner at hand; where there are none, `node:test`. */
export function currentRunner(): Runner {
  const globals = globalThis as unknown as Partial<Runner>;
  if (names.every((name) => typeof globals[name] === 'function')) return globals as Runner;
  // Late, because other runners have no business with it.
  const { describe, it, beforeEach, afterEach } = process.getBuiltinModule('node:test');
  return {
    describe: (name, body) => describe(name, body),
    it: (name, body) => it(name, async () => body()),
    beforeEach: (body) => beforeEach(async () => body()),
    afterEach: (body) => afterEach(async () => body()),
  };
}
