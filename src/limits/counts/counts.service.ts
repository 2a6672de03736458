import { Inject, Injectable } from '@nestjs/common';
import { unavailable } from '../../common/errors';
import { KeyRing } from '../../keys/key-ring.service';
import type { Confirmation, RuleDecision, SendCall } from '../gate';
import type { LogRecord } from '../log/entry';
import { LimitLog } from '../log/limit-log.service';
import { decide, firstRefusal, type LimitOnCall } from './counting';
import { Fingerprints } from './fingerprints';
import { limitsOf, type CountSettings, type NamedLimit } from './limit';
import { keyFields, type Subject } from './subjects';
import { WindowTable, type Cell } from './window-table';

/** What limits look at. */
type CountedCall = Subject & { readonly settings: CountSettings };

const ABOUT_NUMBER = new Set<string>(['number', 'application', 'installation']);

/** What became of a charge. */
export interface Charge {
  readonly decisions: readonly RuleDecision[];
  readonly refused: RuleDecision | null;
  /** The database's time, by which it was judged. */
  readonly now: number;
  /** Gives back what was charged. */
  readonly undo: () => void;
}

/** Units that this process has counted and the log does not have yet. */
interface Pending {
  readonly cells: readonly Cell[];
  readonly at: number;
}

/**
 * The counts of all windows, as the log has them and what this process is about to add. A send is counted before it is
 * decided: written into the log, then judged by all that stands before it there. Of two that compete over the last
 * place, whoever is second in the log sees the first.
 */
@Injectable()
export class CountsService {
  private readonly table = new WindowTable();
  private readonly fingerprints: Fingerprints;
  private readonly pending = new Set<Pending>();
  private readonly limits = new WeakMap<object, readonly NamedLimit[]>();

  constructor(
    private readonly log: LimitLog,
    @Inject(KeyRing) keys: Pick<KeyRing, 'digest'>,
  ) {
    this.fingerprints = new Fingerprints((...fields) => keys.digest('limit', ...fields));
    log.onRecord((record, now) => this.read(record, now));
    log.onRestart(() => this.restart());
  }

  /** What every limit says now. */
  async preview(call: SendCall): Promise<readonly RuleDecision[]> {
    const now = await this.log.now();
    this.log.refresh();
    return decide(this.table, this.limitsOn(call), now);
  }

  /** @throws DomainError `unavailable`: whether it was charged is not known, nothing may be sent */
  async charge(call: SendCall): Promise<Charge> {
    const now = await this.log.now();
    const limits = this.limitsOn(call);
    const before = this.judge(limits, now);
    // What memory refuses, the log would refuse as well, unless somebody gave something back a moment ago.
    if (before.refused) this.log.refresh();
    return before.refused ? before : this.write(limits, now);
  }

  /** The code of a send was right: what limits do not count any more is given back. Nobody waits for it. */
  confirmed(call: SendCall, { sentAt, confirmedAt }: Confirmation): void {
    const ours = this.limitsOn(call).filter(({ limit }) => !limit.countConfirmed);
    this.give('clear', ours.filter(isAboutNumber), confirmedAt.getTime());
    this.give(
      'refund',
      ours.filter((one) => !isAboutNumber(one)),
      sentAt.getTime(),
    );
  }

  /** Somebody vouches for the person of this number. */
  async clear(
    number: string,
    { id, settings }: { readonly id: string; readonly settings: CountSettings },
  ): Promise<void> {
    const call = { applicationId: id, number, country: null, clientIp: null, deviceId: null, settings };
    this.give('clear', this.limitsOn(call).filter(isAboutNumber), await this.log.now());
  }

  /** Counts something that is not a send and that nobody waits for. */
  note(fields: readonly string[], windowSeconds: number): Promise<number> {
    return this.noted({ key: this.fingerprints.of(fields), windowSeconds });
  }

  /** What was noted so far; `until`: when it will be fewer than `max`, if nothing is added. */
  async notes(
    { fields, windowSeconds }: { readonly fields: readonly string[]; readonly windowSeconds: number },
    max: number,
  ): Promise<{ readonly count: number; readonly until: number; readonly now: number }> {
    const now = await this.log.now();
    const cell = { key: this.fingerprints.of(fields), windowSeconds };
    return { count: this.table.count(cell, now), until: this.table.until(cell, max, now), now };
  }

  private async noted(cell: Cell): Promise<number> {
    const at = await this.log.now();
    this.table.add(cell, 1, at, at);
    const record = { kind: 'charge', at, keys: [cell.key], windows: [cell.windowSeconds] } as const;
    this.log.add({ record, failed: () => this.table.remove(cell, 1, at) }, true);
    return this.table.count(cell, at);
  }

  private judge(limits: readonly LimitOnCall[], now: number, added: 0 | 1 = 0): Charge {
    if (this.table.isFull(now)) throw unavailable('The memory of limits is full. Try again.', 60);
    const decisions = decide(this.table, limits, now, added);
    return { decisions, refused: firstRefusal(decisions), now, undo: () => undefined };
  }

  private write(limits: readonly LimitOnCall[], at: number): Promise<Charge> {
    const cells = limits.flatMap(({ cell }) => cell ?? []);
    const pending = { cells, at };
    const windows = cells.map(({ windowSeconds }) => windowSeconds);
    const record: LogRecord = { kind: 'charge', at, keys: cells.map(({ key }) => key), windows };
    return new Promise((resolve, reject) => {
      this.log.add({
        record,
        wanted: () => {
          const judged = this.judge(limits, at);
          if (judged.refused) resolve(judged);
          else this.hold(pending);
          return !judged.refused;
        },
        landed: () => {
          // After a start the log was read between: it is counted only now.
          if (!this.pending.has(pending)) this.hold(pending);
          this.pending.delete(pending);
          const judged = this.judge(limits, at, 1);
          if (judged.refused) this.giveBack(record, cells);
          resolve(judged.refused ? judged : { ...judged, undo: () => this.giveBack(record, cells) });
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
    this.count(pending, 1);
  }

  private release(pending: Pending): void {
    if (this.pending.delete(pending)) this.count(pending, -1);
  }

  /** Nobody waits for it; a crash before it is written makes the limit stricter. */
  private giveBack(charge: LogRecord, cells: readonly Cell[]): void {
    this.count({ cells, at: charge.at }, -1);
    const failed = (): void => this.log.add({ record: { ...charge, kind: 'refund' } }, true);
    this.log.add({ record: { ...charge, kind: 'refund' }, failed }, true);
  }

  private give(kind: 'clear' | 'refund', limits: readonly LimitOnCall[], at: number): void {
    const cells = limits.flatMap(({ cell }) => cell ?? []);
    if (cells.length === 0) return;
    this.apply(kind, cells, at, at);
    const keys = cells.map(({ key }) => key);
    const windows = cells.map(({ windowSeconds }) => windowSeconds);
    this.log.add({ record: { kind, at, keys, windows } }, true);
  }

  private count({ cells, at }: Pending, sign: 1 | -1): void {
    for (const cell of cells) {
      if (sign === 1) this.table.add(cell, 1, at, at);
      else this.table.remove(cell, 1, at);
    }
  }

  private read({ kind, at, keys, windows }: LogRecord, now: number): void {
    if (kind !== 'charge' && kind !== 'refund' && kind !== 'clear') return;
    const cells = keys.map((key, index) => ({ key, windowSeconds: windows[index] ?? 0 }));
    this.apply(kind, cells, at, now);
  }

  private apply(kind: 'charge' | 'refund' | 'clear', cells: readonly Cell[], at: number, now: number): void {
    for (const cell of cells) {
      if (isOver(cell, at, now)) continue;
      if (kind === 'charge') this.table.add(cell, 1, at, now);
      else if (kind === 'refund') this.table.remove(cell, 1, at);
      else this.table.forget(cell, at);
    }
  }

  private restart(): void {
    this.table.clear();
    for (const pending of this.pending) this.count(pending, 1);
  }

  private limitsOn(call: CountedCall): LimitOnCall[] {
    const all = this.limitsFor(call.settings);
    const keys = new Map<string, number | null>();
    const keyOf = (by: NamedLimit['by']): number | null => {
      const name = by.join(' ');
      const known = keys.get(name);
      if (known !== undefined) return known;
      const fields = keyFields(call, by);
      const key = fields && this.fingerprints.of(fields);
      keys.set(name, key);
      return key;
    };
    const applies = ({ countries }: NamedLimit): boolean =>
      !countries || countries.includes(call.country ?? '');
    return all.filter(applies).map((limit) => {
      const key = keyOf(limit.by);
      return { limit, cell: key === null ? null : { key, windowSeconds: limit.windowSeconds } };
    });
  }

  private limitsFor(settings: CountSettings): readonly NamedLimit[] {
    const known = this.limits.get(settings);
    if (known) return known;
    const limits = limitsOf(settings);
    this.limits.set(settings, limits);
    return limits;
  }
}

/** It is about one person, and not about a person somewhere. */
function isAboutNumber({ limit: { by } }: LimitOnCall): boolean {
  return by.includes('number') && by.every((subject) => ABOUT_NUMBER.has(subject));
}

/** It has left its window, also as the windows here count it. */
function isOver({ windowSeconds }: Cell, at: number, now: number): boolean {
  return at + windowSeconds * 1_200 < now;
}
