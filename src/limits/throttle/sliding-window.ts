/**
 * Keys counted at once, per window. Beyond it the older window is forgotten early: a flood from more sources
 * than this makes limits looser for a moment, never tighter, and memory stays bounded (about 15 MB).
 */
const MAX_KEYS = 100_000;

/** What became of one hit. */
export interface WindowCount {
  readonly isAllowed: boolean;
  /** Hits in the window that ends now, this one included when it was allowed; an estimate, rounded up. */
  readonly hits: number;
  /** Until the running window is over. */
  readonly msLeft: number;
}

/**
 * Counts hits per key over a sliding window: those of the running window, plus those of the one before in
 * proportion to how much of it still lies within reach. Two numbers per key, one look-up each, no timers: old
 * counts go with the map that holds them. Refused hits do not count, so a client that hammers still gets its due.
 */
export class SlidingWindow {
  private current = new Map<string, number>();
  private previous = new Map<string, number>();
  private startedAt = -Infinity;

  /** @param lengthMs of the window */
  constructor(private readonly lengthMs: number) {}

  /** @param now milliseconds that never run backwards */
  hit(key: string, limit: number, now: number): WindowCount {
    const { before, count } = this.look(key, now);
    const isAllowed = before + count + 1 <= limit;
    if (isAllowed) this.current.set(key, count + 1);
    if (this.current.size >= MAX_KEYS) this.roll(this.startedAt);
    const hits = Math.ceil(before + count + (isAllowed ? 1 : 0));
    return { isAllowed, hits, msLeft: this.lengthMs - (now - this.startedAt) };
  }

  /** Hits in the window that ends now; an estimate, rounded up. */
  hits(key: string, now: number): number {
    const { before, count } = this.look(key, now);
    return Math.ceil(before + count);
  }

  /** Numbers kept in memory. */
  get size(): number {
    return this.current.size + this.previous.size;
  }

  private look(key: string, now: number): { readonly before: number; readonly count: number } {
    this.advance(now);
    const share = 1 - (now - this.startedAt) / this.lengthMs;
    return { before: (this.previous.get(key) ?? 0) * share, count: this.current.get(key) ?? 0 };
  }

  private advance(now: number): void {
    const passed = now - this.startedAt;
    if (passed < this.lengthMs) return;
    // After a quiet window the one before is out of reach as well.
    if (passed >= 2 * this.lengthMs) this.current = new Map();
    this.roll(Number.isFinite(passed) ? now - (passed % this.lengthMs) : now);
  }

  private roll(startedAt: number): void {
    this.previous = this.current;
    this.current = new Map();
    this.startedAt = startedAt;
  }
}
