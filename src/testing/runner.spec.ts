import { currentRunner } from './runner';

describe('the runner of the suites', () => {
  it('is what the globals have', () => {
    const globals = { describe, it, beforeEach, afterEach };
    expect(currentRunner(globals)).toBe(globals);
  });

  // Catches: suites that fail in `node:test` while Vitest says that all is well.
  it('is refused in Vitest without globals', () => {
    expect(() => currentRunner({ __vitest_worker__: {} })).toThrow(/globals: true/);
  });
});
