import fc from 'fast-check';
import { bucketOf, percentile } from './histogram';

const histogramOf = (values: readonly number[]): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(bucketOf(value), (counts.get(bucketOf(value)) ?? 0) + 1);
  return counts;
};

/** By nearest rank, over every value. */
const exact = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(1, Math.ceil(share * values.length)) - 1]!;

describe('a histogram of durations', () => {
  const duration = fc.integer({ min: 1, max: 86_400_000 });

  // Catches: the lower bound of a bucket for its middle (up to 17 % off); a rank that is one too high or too low.
  it('gives every percentile with at most 10 % of error', () => {
    const values = fc.array(duration, { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.constantFrom(0.5, 0.95, 0.99), (all, share) => {
        const right = exact(all, share);
        expect(Math.abs(percentile(histogramOf(all), share)! - right) / right).toBeLessThanOrEqual(0.1);
      }),
    );
  });

  it('adds up: two hours together are as exact as one', () => {
    const values = fc.array(duration, { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, values, (one, other) => {
        const sum = histogramOf(one);
        for (const [bucket, count] of histogramOf(other)) sum.set(bucket, (sum.get(bucket) ?? 0) + count);
        expect(sum).toEqual(histogramOf([...one, ...other]));
      }),
    );
  });

  it('takes what is under a millisecond, or negative because a clock was set, for one', () => {
    expect([bucketOf(0), bucketOf(-5_000), bucketOf(1)]).toEqual([0, 0, 0]);
  });

  it('has no percentile of nothing', () => {
    expect(percentile(new Map(), 0.5)).toBeNull();
  });
});
