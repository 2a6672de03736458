/** Slots that wait for the relay, as this process wrote them: one state per slot, the newest. */
import { hasNews } from './relay-plan';
import type { Slot } from '../slots/slot';

export interface WaitingSlot {
  readonly slot: Slot;
  /** Since when something of it waits, by the clock that the caller uses. */
  readonly since: number;
}

export class RelayMemory {
  /** In the order in which they began to wait. */
  private readonly waiting = new Map<string, WaitingSlot>();

  /** @param max more slots are not kept: whoever looks for work that is due finds them in the database */
  constructor(private readonly max: number) {}

  get size(): number {
    return this.waiting.size;
  }

  /** Since when the first of them waits; null: none does. */
  get since(): number | null {
    const [first] = this.waiting.values();
    return first?.since ?? null;
  }

  add(slot: Slot, now: number): void {
    const known = this.waiting.get(slot._id);
    if (known && known.slot.v >= slot.v) return;
    // Somebody else relayed it: this is how it looks since.
    if (!hasNews(slot)) this.waiting.delete(slot._id);
    else if (known || this.waiting.size < this.max)
      this.waiting.set(slot._id, { slot, since: known?.since ?? now });
  }

  /** Removes those that have waited longest, `limit` at most, and none that began to wait after `before`. */
  take(limit: number, before: number): WaitingSlot[] {
    const taken: WaitingSlot[] = [];
    for (const one of this.waiting.values()) {
      if (taken.length === limit || one.since > before) break;
      taken.push(one);
    }
    for (const { slot } of taken) this.waiting.delete(slot._id);
    return taken;
  }

  /** What was taken and could not be stored: it waits again, before the others. What was written since is newer. */
  putBack(taken: readonly WaitingSlot[]): void {
    const newer = [...this.waiting.values()];
    this.waiting.clear();
    for (const { slot, since } of taken) this.add(slot, since);
    for (const { slot, since } of newer) this.add(slot, since);
  }
}
