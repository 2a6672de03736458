import { parseOptions } from './options';
import { median, ratiosIn, type Run } from './report';

describe('options', () => {
  it('measure the product at 32, 8 and 1 clients when nothing is said', () => {
    expect(parseOptions([])).toMatchObject({
      targets: ['product'],
      clients: [32, 8, 1],
      rounds: 1,
      rate: null,
      pairs: null,
    });
  });

  it('name two targets, a rate and the arrivals', () => {
    const args = ['--targets', 'product,prototype', '--rate', '300', '--arrivals', 'fixed'];
    expect(parseOptions(args)).toMatchObject({
      targets: ['product', 'prototype'],
      rounds: 7,
      rate: 300,
      arrivals: 'fixed',
    });
  });

  it('name another checkout, which then takes turns with the product', () => {
    expect(parseOptions(['--against', '../before'])).toMatchObject({
      targets: ['product', 'before'],
      against: '../before',
    });
  });

  it('can measure another checkout alone', () => {
    const { targets, rounds } = parseOptions(['--targets', 'before', '--against', '../before']);
    expect({ targets, rounds }).toEqual({ targets: ['before'], rounds: 1 });
  });

  it('set several instances against one', () => {
    expect(parseOptions(['--instances', '2'])).toMatchObject({
      targets: ['product', 'instances'],
      instances: 2,
    });
  });

  it.each([
    [['--clients', '8,x'], '--clients'],
    [['--rate', '0'], '--rate'],
    [['--targets', 'toString'], '--targets'],
    [['--targets', 'before'], '--against'],
    [['--instances', 'two'], '--instances'],
  ])('%j are refused by name', (args, name) => {
    expect(() => parseOptions(args)).toThrow(name);
  });
});

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('of nothing is no number', () => {
    expect(median([])).toBeNaN();
  });
});

describe('ratios', () => {
  const run = (target: Run['target'], pairsPerSecond: number, cpu: number): Run =>
    ({ target, load: '32 clients', pairsPerSecond, targetCpuMs: cpu, mongodCpuMs: cpu * 2 }) as Run;

  it('compare round with round, whoever went first, and tell the median', () => {
    const runs = [
      run('product', 70, 1),
      run('before', 100, 2),
      run('before', 100, 2),
      run('product', 90, 1),
      run('product', 80, 4),
      run('before', 100, 2),
    ];
    expect(ratiosIn(runs)).toEqual([
      {
        load: '32 clients',
        first: 'product',
        other: 'before',
        rate: { rounds: [0.7, 0.9, 0.8], median: 0.8 },
        targetCpu: { rounds: [0.5, 0.5, 2], median: 0.5 },
        mongodCpu: { rounds: [0.5, 0.5, 2], median: 0.5 },
      },
    ]);
  });

  it('leave out a mongod that cannot be read', () => {
    const runs = (['product', 'before'] as const).map((target) => ({
      ...run(target, 1, 1),
      mongodCpuMs: null,
    }));
    expect(ratiosIn(runs)[0]?.mongodCpu).toBeNull();
  });
});
