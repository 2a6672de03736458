/**
 * The counts of all windows: as the log has them, and what this process is about to add. A charge is counted before it is
 * decided: written into the log, then judged by all that stands before it there. Of two that compete over the last place,
 * whoever is second in the log sees the first.
 */
import { unavailable } from '../../common/errors';
import type { Rider } from '../../common/mongo/ride';
import type { LogRecord } from '../log/entry';
import type { LimitLog, LogItem } from '../log/limit-log.service';
import { WindowTable, type Cell } from './window-table';

/** What became of a charge. */
export type Charged<Refusal> =
  | { readonly refusal: Refusal }
  | { readonly refusal: null; /** Gives back what was charged. */ readonly undo: () => void };

/** A charge that is counted here and not on record yet. */
export interface Reserved<Refusal> {
  readonly rider: Rider;
  /** Puts it on record now, and decides it there. */
  charge(): Promise<Charged<Refusal>>;
  /** Gives back what was charged. */
  undo(): void;
  /** Nobody will put it on record any more. */
  abandon(): void;
}

/** Why it may not be; null: it may. @param added whether the charge is in the windows already */
type Judge<Refusal> = (added: 0 | 1) => Refusal | null;

/** Units that this process has counted and the log does not have yet. */
interface Pending {
  readonly cells: readonly Cell[];
  readonly at: number;
}

export class WindowLedger {
  readonly windows = new WindowTable();
  private readonly pending = new Set<Pending>();

  constructor(private readonly log: LimitLog) {
    log.onRecord((record, now) => this.read(record, now));
    log.onRestart(() => this.restart());
  }

  /** @throws DomainError `unavailable`: whether it was charged is not known, nothing may be sent */
  async charge<Refusal>(
    cells: readonly Cell[],
    at: number,
    judge: Judge<Refusal>,
  ): Promise<Charged<Refusal>> {
    const refusal = this.refusalBy(judge, at);
    if (refusal) return { refusal };
    // Where no limit counts, nothing is written.
    return cells.length > 0 ? this.write(cells, at, judge) : { refusal: null, undo: nothing };
  }

  /**
   * As `charge`, where nobody else is charging: then memory knows the log, and the charge can go on record together with
   * what depends on it. Should memory be wrong, neither is written.
   * @throws DomainError `unavailable`
   */
  async reserve<Refusal>(
    cells: readonly Cell[],
    at: number,
    judge: Judge<Refusal>,
  ): Promise<Charged<Refusal> | Reserved<Refusal>> {
    if (cells.length === 0 || !this.log.isQuiet) return this.charge(cells, at, judge);
    const refusal = this.refusalBy(judge, at);
    return refusal ? { refusal } : this.reservation(cells, at, judge);
  }

  /** Counts something that was not decided, and that nobody waits for. */
  add(cell: Cell, at: number): void {
    this.windows.add(cell, 1, at, at);
    const record = recordOf('charge', [cell], at);
    this.log.add({ record, failed: () => this.windows.remove(cell, 1, at) }, true);
  }

  /** `refund`: one unit that was counted then; `clear`: all until then. Nobody waits for it. */
  give(kind: 'clear' | 'refund', cells: readonly Cell[], at: number): void {
    if (cells.length > 0) this.addGiven(kind, { cells, at });
  }

  private refusalBy<Refusal>(judge: Judge<Refusal>, at: number): Refusal | null {
    if (this.windows.isFull(at)) throw unavailable('The memory of limits is full. Try again.', 60);
    const refusal = judge(0);
    // What memory refuses, the log would refuse as well, unless somebody gave something back a moment ago.
    if (refusal) this.log.refresh();
    return refusal;
  }

  private reservation<Refusal>(cells: readonly Cell[], at: number, judge: Judge<Refusal>): Reserved<Refusal> {
    const pending = { cells, at };
    let isAboard = false;
    this.hold(pending);
    const item: LogItem = {
      record: recordOf('charge', cells, at),
      wanted: () => {
        // Its caller may have given up meanwhile, and somebody else may have its place.
        this.hold(pending);
        return judge(1) === null;
      },
      landed: () => {
        this.land(pending);
        isAboard = true;
      },
      failed: () => this.release(pending),
    };
    const rider = {
      item,
      log: this.log,
      get isAboard() {
        return isAboard;
      },
    };
    return {
      rider,
      charge: () => {
        this.release(pending);
        return this.charge(cells, at, judge);
      },
      undo: () => (isAboard ? this.giveBack(pending) : this.release(pending)),
      abandon: () => this.release(pending),
    };
  }

  private write<Refusal>(
    cells: readonly Cell[],
    at: number,
    judge: Judge<Refusal>,
  ): Promise<Charged<Refusal>> {
    const pending = { cells, at };
    return new Promise((resolve, reject) => {
      this.log.add({
        record: recordOf('charge', cells, at),
        wanted: () => {
          // Asked again when the entry that it was part of was left behind.
          this.release(pending);
          const refusal = judge(0);
          if (refusal) resolve({ refusal });
          else this.hold(pending);
          return !refusal;
        },
        landed: () => {
          this.land(pending);
          const refusal = judge(1);
          const undo = (): void => this.giveBack(pending);
          if (refusal) undo();
          resolve(refusal ? { refusal } : { refusal: null, undo });
        },
        failed: (error) => {
          this.release(pending);
          reject(error instanceof Error ? error : new Error('the limits could not be charged'));
        },
      });
    });
  }

  private hold(pending: Pending): void {
    if (this.pending.has(pending)) return;
    this.pending.add(pending);
    this.apply('charge', pending.cells, pending.at, pending.at);
  }

  /** It is on record: nothing takes it back but an entry of its own. */
  private land(pending: Pending): void {
    // Its caller may have given up, or the log was read after a start.
    this.hold(pending);
    this.pending.delete(pending);
  }

  private release(pending: Pending): void {
    if (this.pending.delete(pending)) this.apply('refund', pending.cells, pending.at, pending.at);
  }

  /** A crash before it is in the log makes the limit stricter. */
  private giveBack(pending: Pending): void {
    this.addGiven('refund', pending);
  }

  private addGiven(kind: 'clear' | 'refund', { cells, at }: Pending): void {
    this.apply(kind, cells, at, at);
    // Not tried again: if it is in the log after all, it is read there like any other, and twice would be one too many.
    const failed = (): void => {
      if (kind === 'refund') this.apply('charge', cells, at, at);
    };
    this.log.add({ record: recordOf(kind, cells, at), failed }, true);
  }

  private read({ kind, at, keys, windows }: LogRecord, now: number): void {
    if (kind !== 'charge' && kind !== 'refund' && kind !== 'clear') return;
    const cells = keys.map((key, index) => ({ key, windowSeconds: windows[index] ?? 0 }));
    this.apply(kind, cells, at, now);
  }

  private apply(kind: 'charge' | 'refund' | 'clear', cells: readonly Cell[], at: number, now: number): void {
    for (const cell of cells) {
      if (isOver(cell, at, now)) continue;
      if (kind === 'charge') this.windows.add(cell, 1, at, now);
      else if (kind === 'refund') this.windows.remove(cell, 1, at);
      else this.windows.forget(cell, at);
    }
  }

  private restart(): void {
    this.windows.clear();
    for (const { cells, at } of this.pending) this.apply('charge', cells, at, at);
  }
}

const nothing = (): void => undefined;

function recordOf(kind: 'charge' | 'refund' | 'clear', cells: readonly Cell[], at: number): LogRecord {
  return {
    kind,
    at,
    keys: cells.map(({ key }) => key),
    windows: cells.map(({ windowSeconds }) => windowSeconds),
  };
}

/** It has left its window, also as the windows here count it. */
function isOver({ windowSeconds }: Cell, at: number, now: number): boolean {
  return at + windowSeconds * 1_200 < now;
}
