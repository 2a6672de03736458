import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { codeIn } from '../sink/text';
import { arrivals } from './arrivals';
import { instancesFor } from './drive';
import { Latencies, percentile } from './latencies';
import { benchCountries, Numbers } from './numbers';

describe('percentile', () => {
  it.each([
    [[1, 2, 3, 4], 0.5, 2],
    [[1, 2, 3, 4], 1, 4],
    [[1, 2, 3, 4], 0.01, 1],
    [[7], 0.999, 7],
    [Array.from({ length: 1000 }, (_, i) => i + 1), 0.99, 990],
    [Array.from({ length: 1000 }, (_, i) => i + 1), 0.999, 999],
  ])('of %j at %d is %d, by nearest rank', (values, share, expected) => {
    expect(percentile(values, share)).toBe(expected);
  });

  it('of nothing is no number', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('Latencies', () => {
  it('sorts by size, not as text', () => {
    const latencies = new Latencies();
    for (const ms of [100, 9, 20]) latencies.add(ms);
    expect(latencies.summary()).toEqual({ p50: 20, p95: 100, p99: 100, p999: 100, max: 100 });
  });
});

describe('arrivals', () => {
  it('are evenly spaced when fixed', () => {
    expect(arrivals(4, 1, 'fixed')).toEqual([0, 250, 500, 750]);
  });

  it('keep the rate on average when Poisson', () => {
    const times = arrivals(200, 50, 'poisson');
    // 10,000 expected, standard deviation 100: seven of them.
    expect(Math.abs(times.length - 10_000)).toBeLessThan(700);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
  });

  it('have exponential gaps when Poisson', () => {
    const halves = arrivals(1, 3, 'poisson', () => 0.5);
    expect(halves.map(Math.round)).toEqual([0, 693, 1386, 2079, 2773]);
  });
});

describe('round robin', () => {
  it('takes creates in turns and sends half of the checks to the other of two instances', () => {
    const pairs = Array.from({ length: 8 }, (_, i) => instancesFor(i, 2));
    expect(pairs.map(({ create }) => create)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
    expect(pairs.filter(({ create, check }) => create !== check)).toHaveLength(4);
    expect(pairs.filter(({ check }) => check === 0)).toHaveLength(4);
  });

  it('has one instance do everything when there is one', () => {
    expect(instancesFor(7, 1)).toEqual({ create: 0, check: 0 });
  });
});

describe('Numbers', () => {
  it('are fresh, valid mobile numbers of every bench country', () => {
    const numbers = new Numbers();
    const made = Array.from({ length: 2_000 }, () => numbers.next());
    expect(new Set(made).size).toBe(made.length);
    const parsed = made.map((number) => parsePhoneNumberFromString(number));
    expect(parsed.filter((number) => !number?.isValid() || number.getType() !== 'MOBILE')).toEqual([]);
    expect([...new Set(parsed.map((number) => number?.country))].sort()).toEqual([...benchCountries].sort());
  });
});

describe('codeIn', () => {
  it.each([
    ['Acme: 123456 is your code. It is valid for 10 minutes.', '123456'],
    ['Your code is 0042. Call +34 900 for help.', '0042'],
    ['Código 12345678, 5 min', '12345678'],
    ['@example.com #987654', '987654'],
    ['Nothing for 10 minutes', null],
    ['12345678901 is too long', null],
  ])('finds the code in "%s"', (text, code) => {
    expect(codeIn(text)).toBe(code);
  });
});
