import type { Clock } from './clock';

/** How much is remembered, and how long. */
export interface RecentBounds {
  readonly maxAgeMs: number;
  readonly maxEntries: number;
}

/**
 * What was put lately. Nothing is given back once it is `maxAgeMs` old, and it is let go with the next entry that is
 * put or dropped: no timer, so a process at rest keeps the last ones.
 */
export class Recent<Value> {
  private readonly entries = new Map<string, { readonly value: Value; readonly at: number }>();

  constructor(
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly bounds: RecentBounds,
  ) {}

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    if (this.isFresh(entry)) return entry.value;
    this.entries.delete(key);
    return undefined;
  }

  put(key: string, value: Value): void {
    this.entries.delete(key);
    this.entries.set(key, { value, at: this.clock.monotonic() });
    this.forgetOldest();
  }

  drop(key: string): void {
    this.entries.delete(key);
    this.forgetOldest();
  }

  /** Entries stand in the order in which they were put: the first are the oldest. */
  private forgetOldest(): void {
    for (const [key, entry] of this.entries) {
      if (this.entries.size <= this.bounds.maxEntries && this.isFresh(entry)) return;
      this.entries.delete(key);
    }
  }

  private isFresh({ at }: { readonly at: number }): boolean {
    return this.clock.monotonic() - at < this.bounds.maxAgeMs;
  }
}
