/** Milliseconds, rounded to a hundredth. */
export interface LatencySummary {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Nearest rank, of values in ascending order; NaN when there are none. `share` is in (0, 1]. */
export function percentile(ascending: ArrayLike<number>, share: number): number {
  const rank = Math.max(1, Math.ceil(share * ascending.length));
  return ascending[rank - 1] ?? NaN;
}

/** Every value is kept: a run has some 100,000 at most, and a histogram would round the tail. */
export class Latencies {
  private readonly values: number[] = [];

  add(ms: number): void {
    this.values.push(ms);
  }

  summary(): LatencySummary {
    const sorted = Float64Array.from(this.values).sort();
    const at = (share: number): number => Math.round(percentile(sorted, share) * 100) / 100;
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), p999: at(0.999), max: at(1) };
  }
}
