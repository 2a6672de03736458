/**
 * Durations counted in buckets whose bounds grow by a fifth: bucket n holds 1.2^n ≤ ms < 1.2^(n+1). Buckets add up
 * over any hours and groups, which percentiles do not; `$percentile` needs MongoDB 7. Sixty buckets reach a minute,
 * a hundred a day.
 */
const GROWTH = 1.2;

/** Counts by bucket. */
export type Histogram = ReadonlyMap<number, number>;

/** Anything under a millisecond counts as one. */
export function bucketOf(ms: number): number {
  return Math.floor(Math.log(Math.max(1, ms)) / Math.log(GROWTH));
}

/** The same, as MongoDB computes it. `ms` is an expression. */
export const bucketExpression = (ms: unknown): object => ({
  $toInt: { $floor: { $divide: [{ $ln: { $max: [1, ms] } }, Math.log(GROWTH)] } },
});

/**
 * The duration, in ms, that a share of all stay within (nearest rank), or null of nothing. It is the geometric
 * middle of its bucket, so at most 9.6 % (√1.2) off either way.
 */
export function percentile(histogram: Histogram, share: number): number | null {
  const buckets = [...histogram].sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  const rank = Math.max(1, Math.ceil(share * total));
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen >= rank) return GROWTH ** (bucket + 0.5);
  }
  return null;
}
