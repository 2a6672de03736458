import type { Clock } from '../../../common/clock';
import type { Slot } from '../slot';

/** Erased data may live on here for so long. */
const MAX_AGE_MS = 60_000;
/** A slot of 2.5 KB in the database takes 7 KB of heap. */
const MAX_SLOTS = 4_000;

/**
 * The slots that this process has written last, as a majority has acknowledged them. A guess: somebody else may have
 * written since. So it only proposes writes, whose filter names the version; no answer is ever given from it.
 */
export class SlotMemory {
  private readonly slots = new Map<string, { readonly slot: Slot; readonly at: number }>();

  constructor(private readonly clock: Pick<Clock, 'monotonic'>) {}

  get(slotId: string): Slot | undefined {
    const entry = this.slots.get(slotId);
    if (!entry) return undefined;
    if (this.clock.monotonic() - entry.at < MAX_AGE_MS) return entry.slot;
    this.slots.delete(slotId);
    return undefined;
  }

  /** @param slot acknowledged by a majority, without a write-concern error */
  put(slot: Slot): void {
    this.slots.delete(slot._id);
    if (!isAtRest(slot)) this.slots.set(slot._id, { slot, at: this.clock.monotonic() });
    this.forgetOldest();
  }

  /** On any doubt. */
  drop(slotId: string): void {
    this.slots.delete(slotId);
  }

  /** Entries stand in the order in which they were put: the first are the oldest. */
  private forgetOldest(): void {
    const now = this.clock.monotonic();
    for (const [slotId, { at }] of this.slots) {
      if (this.slots.size <= MAX_SLOTS && now - at < MAX_AGE_MS) return;
      this.slots.delete(slotId);
    }
  }
}

/** Nobody is expected to write it soon, so it need not take up memory. */
function isAtRest({ current, outbox }: Slot): boolean {
  return current.status !== 'pending' && outbox.length === 0;
}
