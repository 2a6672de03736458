/** Enough for a steady 95th percentile; older ones are forgotten. */
const KEPT = 256;

/** How long the latest calls took. */
export class Latencies {
  private readonly samples: number[] = [];
  private next = 0;

  add(ms: number): void {
    this.samples[this.next] = ms;
    this.next = (this.next + 1) % KEPT;
  }

  /** The value that `share` (0–1) of the latest calls did not exceed; null before the first. */
  quantile(share: number): number | null {
    const sorted = [...this.samples].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  }
}
