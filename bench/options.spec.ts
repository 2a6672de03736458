import { parseOptions } from './options';
import { ratioOf } from './report';
import type { Measurement } from './measure';

describe('options', () => {
  it('measure the app at 1, 8, 32 and 64 clients when nothing is said', () => {
    expect(parseOptions([])).toMatchObject({
      targets: ['app'],
      clients: [1, 8, 32, 64],
      rate: null,
      pairs: null,
    });
  });

  it('name both targets, a rate and the arrivals', () => {
    expect(parseOptions(['--target', 'both', '--rate', '300', '--arrivals', 'fixed'])).toMatchObject({
      targets: ['app', 'prototype'],
      rate: 300,
      arrivals: 'fixed',
    });
  });

  it('name another checkout, which then takes turns with the app', () => {
    expect(parseOptions(['--against', '../before'])).toMatchObject({
      targets: ['app', 'before'],
      against: '../before',
    });
  });

  it.each([
    [['--clients', '8,x'], '--clients'],
    [['--rate', '0'], '--rate'],
    [['--target', 'toString'], '--target'],
  ])('%j are refused by name', (args, name) => {
    expect(() => parseOptions(args)).toThrow(name);
  });
});

describe('ratio', () => {
  it('compares round with round and tells the median', () => {
    const rates = (...values: number[]): Measurement[] =>
      values.map((pairsPerSecond) => ({ pairsPerSecond }) as Measurement);
    expect(ratioOf('32 clients', rates(70, 80, 90), rates(100, 100, 100), 'prototype')).toEqual({
      load: '32 clients',
      other: 'prototype',
      rounds: [0.7, 0.8, 0.9],
      median: 0.8,
    });
  });
});
