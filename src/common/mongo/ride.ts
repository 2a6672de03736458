/**
 * Writes that depend on each other in one command: what must be on record before something takes effect goes first, and
 * unless it takes effect, nothing behind it does. Statements of a command are in one order on one primary, so that a
 * majority which has the later one has the earlier one too, whatever process or primary dies meanwhile.
 */

type Fields = Readonly<Record<string, unknown>>;

/** The first statement of a command. Exactly one of the three is called, once its fate is known. */
export interface Ride {
  readonly statement: { readonly q: Fields; readonly u: Fields; readonly upsert: true };
  landed(): void;
  /** It certainly did not take effect, nor did anything behind it. */
  missed(): void;
  /** Nobody knows. */
  failed(error: unknown): void;
}

/** Something that must be on record before the write that it belongs to. */
export interface Rider<Item = unknown> {
  readonly item: Item;
  /** It is on record: it needs no other ride. */
  readonly isAboard: boolean;
  readonly log: {
    /** For one command at a time. @returns null: not now; it has to be put on record first, on its own */
    board(items: readonly Item[]): Promise<Ride | null>;
  };
}

/** What comes behind was not written, since what it depends on has to be put on record first. */
export class NotAboard extends Error {
  constructor() {
    super('what this write depends on is not on record');
  }
}
