/** A command on its way to the slot, and what it is answered. */
import type { Rider } from '../../../common/mongo/ride';
import type { Decision } from '../rules/decision';
import type { Slot } from '../slot';

export interface SlotTask<Outcome> {
  readonly slotId: string;
  /** A rule with its command. */
  readonly decide: (slot: Slot | null, now: Date) => Decision<Outcome>;
  /** Under which the slot remembers it; absent: it is idempotent by the state itself. */
  readonly op?: string;
  /** It can be the first command of its slot: without memory of one, there may be none. */
  readonly mayBegin?: true;
  /** Must be on record before the command takes effect; null: nothing must. */
  readonly rider?: Rider | null;
  /** Nobody waits for it: it rides along with the next commit instead of starting one. */
  readonly ridesAlong?: true;
}

/** What a command came to, with the slot that it was decided on or has made, and the database's time. */
export interface Answered<Outcome> {
  readonly outcome: Outcome;
  readonly slot: Slot | null;
  readonly now: Date;
}
