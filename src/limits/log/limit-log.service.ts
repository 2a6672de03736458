import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Clock } from '../../common/clock';
import { unavailable } from '../../common/errors';
import { answered } from '../../common/mongo/answered';
import { DatabaseClock } from '../../common/mongo/database-clock';
import { NotAboard, type Ride } from '../../common/mongo/ride';
import { decodeEntry, encodeEntry, endOf, type LogRecord } from './entry';
import { LimitLogRepository } from './limit-log.repository';
import { COMMAND_MS, LogCursor } from './log-cursor';

/** Something to be added to the log. */
export interface LogItem {
  readonly record: LogRecord;
  /** Asked right before the write; false: it is not written, and hears nothing more. */
  wanted?(): boolean;
  /** It is in the log, and everything before it was told to the listeners. */
  landed?(): void;
  /** It is not known to be in the log; if it is, the listeners hear of it like of any other. */
  failed?(error: unknown): void;
}

type Listener = (record: LogRecord, now: number) => void;

/** Work that nobody waits for goes with the next entry, or after this time alone. */
const RIDE_ALONG_MS = 500;
/** What others added is read at least this often: their refunds make room here. */
const FOLLOW_MS = 2_000;
/** What is decided already does not wait longer for its ride. */
const BOARDING_MS = 500;
/** So long nothing of others must have come, for guessing that nothing will. */
const QUIET_MS = 3_000;
const MAX_RECORDS = 256;

/**
 * One order of events over all processes: each adds an entry for what its requests brought meanwhile, in one write that
 * also tells what the others added before. Everybody reads everything, so every process has the same counts, exact up to
 * its own last entry; and that is the moment at which its requests are decided.
 */
@Injectable()
export class LimitLog implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(LimitLog.name);
  private readonly time: DatabaseClock;
  private readonly listeners: Listener[] = [];
  private readonly restarts: (() => void)[] = [];
  private waiting: LogItem[] = [];
  /** Somebody waits for one of them. */
  private isUrgent = false;
  private running: Promise<void> | null = null;
  private departure: NodeJS.Timeout | null = null;
  private following: NodeJS.Timeout | undefined;
  /** Monotonic: when something of others was last read. */
  private heardAt = -Infinity;
  private isOneSet = false;
  private readonly cursor: LogCursor;

  constructor(
    @Inject(LimitLogRepository) private readonly repository: LimitLogRepository,
    @Inject(Clock) private readonly clock: Pick<Clock, 'monotonic'>,
  ) {
    this.time = new DatabaseClock(clock);
    this.cursor = new LogCursor(repository, clock, {
      onEntries: (entries, now) => this.hear(entries, now),
      onRestart: () => this.restarts.forEach((listener) => listener()),
    });
  }

  /** Reads all that still counts before anybody is served. */
  async onApplicationBootstrap(): Promise<void> {
    await Promise.all([this.cursor.follow(), this.meet()]).catch(() =>
      this.logger.warn('the log of limits cannot be read yet; sends wait for it'),
    );
    this.following = setInterval(() => this.followWhenQuiet(), FOLLOW_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.following);
    this.leave();
    await this.idle();
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  /** Told of every record in the order of the log, except of those this process added itself. */
  onRecord(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Everything that was told is void: the log is read from its beginning. */
  onRestart(listener: () => void): void {
    this.restarts.push(listener);
  }

  /**
   * The database's time, milliseconds since the epoch.
   * @throws DomainError `unavailable` when the database does not say
   */
  async now(): Promise<number> {
    const known = this.time.now();
    if (known) return known.getTime();
    try {
      return (await this.meet()).getTime();
    } catch {
      throw unavailable('The database did not answer. Try again.');
    }
  }

  /** @param ridesAlong nobody waits for it */
  add(item: LogItem, ridesAlong = false): void {
    this.waiting.push(item);
    if (ridesAlong) this.leaveLater();
    else {
      this.isUrgent = true;
      this.leave();
    }
  }

  /** Nothing of others came for a while: what is added may go with the write that depends on it; see {@link board}. */
  get isQuiet(): boolean {
    return this.isOneSet && this.cursor.isCurrent && this.clock.monotonic() - this.heardAt > QUIET_MS;
  }

  /** As `Rider.log`. Items are on record when they land, or fail, like those that are added. */
  async board(items: readonly LogItem[]): Promise<Ride | null> {
    // Not for long, and not again after that: who comes next may wait for the very command that asks.
    if (this.running) await Promise.race([this.running, sleep(BOARDING_MS, undefined, { ref: false })]);
    if (this.running || !this.isQuiet || !items.every(isWanted)) return null;
    const company = this.depart(MAX_RECORDS - items.length).filter(isWanted);
    const { statement, added } = this.cursor.addition(...entryOf([...company, ...items]));
    const end = this.begin();
    return {
      statement,
      landed: () => {
        added();
        for (const item of [...company, ...items]) item.landed?.();
        end();
      },
      missed: () => {
        this.cursor.doubt();
        this.waiting.unshift(...company);
        for (const item of items) item.failed?.(new NotAboard());
        end();
      },
      failed: (error) => {
        this.cursor.doubt();
        for (const item of [...company, ...items]) item.failed?.(error);
        end();
      },
    };
  }

  /** What others may have given back is worth a look, unless somebody looked a moment ago. */
  refresh(): void {
    if (this.cursor.ageMs > RIDE_ALONG_MS) this.leave();
  }

  private leave(): void {
    if (this.departure) clearTimeout(this.departure);
    this.departure = null;
    this.running ??= this.run().then(() => this.rest());
  }

  /** Nothing else is added until the returned function is called. */
  private begin(): () => void {
    let end: () => void = () => undefined;
    this.running = new Promise<void>((resolve) => (end = resolve)).then(() => this.rest());
    return end;
  }

  private async meet(): Promise<Date> {
    const { now, isOneSet } = await answered(this.repository.hello(), COMMAND_MS);
    this.time.observe(now);
    this.isOneSet = isOneSet;
    return now;
  }

  /** What waits and comes along now. */
  private depart(most: number): LogItem[] {
    if (this.departure) clearTimeout(this.departure);
    this.departure = null;
    const items = this.waiting.splice(0, most);
    this.isUrgent = this.waiting.length > 0;
    return items;
  }

  private rest(): void {
    this.running = null;
    if (this.isUrgent) this.leave();
    else if (this.waiting.length > 0) this.leaveLater();
  }

  private leaveLater(): void {
    if (!this.running) this.departure ??= setTimeout(() => this.leave(), RIDE_ALONG_MS).unref();
  }

  private followWhenQuiet(): void {
    if (this.cursor.ageMs >= FOLLOW_MS) this.leave();
  }

  /** Never rejects. Without anything to add it only reads. */
  private async run(): Promise<void> {
    do {
      const items = this.depart(MAX_RECORDS);
      const wanted = this.cursor.isCurrent ? items.filter(isWanted) : items;
      try {
        if (wanted.length > 0) await this.cursor.append(...entryOf(wanted));
        else await this.cursor.follow();
        for (const item of wanted) item.landed?.();
      } catch (error) {
        for (const item of wanted) item.failed?.(error);
      }
    } while (this.isUrgent);
  }

  private hear(entries: readonly Buffer[], now: Date): void {
    if (entries.length > 0) this.heardAt = this.clock.monotonic();
    this.time.observe(now);
    for (const entry of entries)
      for (const record of this.decode(entry))
        for (const listener of this.listeners) listener(record, now.getTime());
  }

  /** A newer build may write what this one does not know, e.g. while instances are replaced one by one. */
  private decode(entry: Buffer): LogRecord[] {
    try {
      return decodeEntry(entry);
    } catch (error) {
      this.logger.warn(`an entry of the log of limits is not counted here: ${(error as Error).message}`);
      return [];
    }
  }
}

const isWanted = (item: LogItem): boolean => item.wanted?.() ?? true;

function entryOf(items: readonly LogItem[]): [entry: Buffer, until: Date] {
  const records = items.map(({ record }) => record);
  return [encodeEntry(records), new Date(Math.max(...records.map(endOf)))];
}
