import type { Clock } from '../../../common/clock';
import { Recent } from '../../../common/recent';
import type { Slot } from '../slot';

/** Erased data may live on here for so long. A slot of 2.5 KB in the database takes 7 KB of heap. */
const BOUNDS = { maxAgeMs: 60_000, maxEntries: 4_000 };

/**
 * The slots that this process has written last, as a majority has acknowledged them. A guess: somebody else may have
 * written since. So it only proposes writes, whose filter names the version; no answer is ever given from it.
 */
export class SlotMemory {
  private readonly slots: Recent<Slot>;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.slots = new Recent(clock, BOUNDS);
  }

  get(slotId: string): Slot | undefined {
    return this.slots.get(slotId);
  }

  /** @param slot acknowledged by a majority, without a write-concern error */
  put(slot: Slot): void {
    if (isAtRest(slot)) this.slots.drop(slot._id);
    else this.slots.put(slot._id, slot);
  }

  /** On any doubt. */
  drop(slotId: string): void {
    this.slots.drop(slotId);
  }
}

/** Nobody is expected to write it soon, so it need not take up memory. */
function isAtRest({ current, outbox }: Slot): boolean {
  return current.status !== 'pending' && outbox.length === 0;
}
