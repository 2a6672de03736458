import { cachedBinaries, compareVersions, isSupported, parseVersion } from './mongod-version';

describe('MongoDB versions', () => {
  it.each([
    ['db version v6.0.5\nBuild Info: {', [6, 0, 5]],
    ['mongod-7.0.24', [7, 0, 24]],
    ['8.0.0-rc3', [8, 0, 0]],
    ['5.0', null],
    ['', null],
  ])('reads %j as %j', (text, expected) => {
    expect(parseVersion(text)).toEqual(expected);
  });

  it.each([
    [[4, 4, 29], false],
    [[4, 10, 0], false],
    [[5, 0, 31], false],
    [[6, 0, 0], true],
    [[6, 0, 5], true],
    [[10, 0, 0], true],
  ] as const)('supports %j: %j', (version, expected) => {
    expect(isSupported(version)).toBe(expected);
  });

  it('orders by number, not by letter', () => {
    expect(compareVersions([7, 0, 24], [7, 0, 9])).toBeGreaterThan(0);
    expect(compareVersions([6, 3, 0], [6, 3, 0])).toBe(0);
  });

  it('takes finished binaries of a cache folder only, newest first', () => {
    const names = [
      'mongod-6.0.5',
      '.partial-x',
      'mongod-7.0.9',
      'mongod-7.0.24',
      'mongod-7.0.24.md5',
      'mongod',
    ];
    expect(cachedBinaries(names)).toEqual(['mongod-7.0.24', 'mongod-7.0.9', 'mongod-6.0.5']);
  });
});
