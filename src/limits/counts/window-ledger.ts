/**
 * The counts of all windows: as the log has them, and what this process is about to add. A charge is counted before it is
 * decided: written into the log, then judged by all that stands before it there. Of two that compete over the last place,
 * whoever is second in the log sees the first.
 */
import { unavailable } from '../../common/errors';
import type { LogRecord } from '../log/entry';
import type { LimitLog } from '../log/limit-log.service';
import { WindowTable, type Cell } from './window-table';

/** What became of a charge. */
export type Charged<Refusal> =
  | { readonly refusal: Refusal }
  | { readonly refusal: null; /** Gives back what was charged. */ readonly undo: () => void };

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
    if (this.windows.isFull(at)) throw unavailable('The memory of limits is full. Try again.', 60);
    const refusal = judge(0);
    // Where no limit counts, nothing is written.
    if (!refusal) return cells.length > 0 ? this.write(cells, at, judge) : { refusal: null, undo: nothing };
    // What memory refuses, the log would refuse as well, unless somebody gave something back a moment ago.
    this.log.refresh();
    return { refusal };
  }

  /** Counts something that was not decided, and that nobody waits for. */
  add(cell: Cell, at: number): void {
    this.windows.add(cell, 1, at, at);
    const record = recordOf('charge', [cell], at);
    this.log.add({ record, failed: () => this.windows.remove(cell, 1, at) }, true);
  }

  /** `refund`: one unit that was counted then; `clear`: all until then. Nobody waits for it. */
  give(kind: 'clear' | 'refund', cells: readonly Cell[], at: number): void {
    if (cells.length === 0) return;
    this.apply(kind, cells, at, at);
    this.log.add({ record: recordOf(kind, cells, at) }, true);
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
          const refusal = judge(0);
          if (refusal) resolve({ refusal });
          else this.hold(pending);
          return !refusal;
        },
        landed: () => {
          // After a start the log was read between: it is counted only now.
          if (!this.pending.has(pending)) this.hold(pending);
          this.pending.delete(pending);
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
    this.pending.add(pending);
    this.apply('charge', pending.cells, pending.at, pending.at);
  }

  private release(pending: Pending): void {
    if (this.pending.delete(pending)) this.apply('refund', pending.cells, pending.at, pending.at);
  }

  /** Tried once more when it is not known to be in the log; a crash before makes the limit stricter. */
  private giveBack({ cells, at }: Pending): void {
    this.apply('refund', cells, at, at);
    const record = recordOf('refund', cells, at);
    this.log.add({ record, failed: () => this.log.add({ record }, true) }, true);
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
