/** Messages that were let through and are not in the log yet: a burst must not slip in between. */
import { prefixesOf, type Prefixes } from './prefixes';
import type { Level } from './rules';

export class UnderwayCounts {
  private readonly counts = new Map<string, number>();

  /** @param change 1 when a message is let through, -1 when the log has it or never will */
  add(block: number, change: 1 | -1): void {
    const prefixes = prefixesOf(block);
    for (const level of ['prefix1k', 'prefix10k', 'operator'] as const) this.change(level, prefixes, change);
  }

  of(level: Level, key: number | string): number {
    return this.counts.size === 0 ? 0 : (this.counts.get(`${level}:${key}`) ?? 0);
  }

  private change(level: keyof Prefixes, prefixes: Prefixes, change: 1 | -1): void {
    const id = `${level}:${prefixes[level]}`;
    const count = (this.counts.get(id) ?? 0) + change;
    if (count > 0) this.counts.set(id, count);
    else this.counts.delete(id);
  }
}
