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
import { decodeEntry, encodeEntry, type LogRecord } from './entry';
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
const MAX_RECORDS = 256;
const DAY_MS = 86_400_000;

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
  private readonly cursor: LogCursor;

  constructor(
    @Inject(LimitLogRepository) private readonly repository: LimitLogRepository,
    @Inject(Clock) clock: Pick<Clock, 'monotonic'>,
  ) {
    this.time = new DatabaseClock(clock);
    this.cursor = new LogCursor(repository, clock, {
      onEntries: (entries, now) => this.hear(entries, now),
      onRestart: () => this.restarts.forEach((listener) => listener()),
    });
  }

  /** Reads all that still counts before anybody is served. */
  async onApplicationBootstrap(): Promise<void> {
    await this.cursor
      .follow()
      .catch(() => this.logger.warn('the log of limits cannot be read yet; sends wait for it'));
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
      const read = await answered(this.repository.now(), COMMAND_MS);
      this.time.observe(read);
      return read.getTime();
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

  /** What others may have given back is worth a look, unless somebody looked a moment ago. */
  refresh(): void {
    if (this.cursor.ageMs > RIDE_ALONG_MS) this.leave();
  }

  private leave(): void {
    if (this.departure) clearTimeout(this.departure);
    this.departure = null;
    this.running ??= this.run().then(() => this.rest());
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
      const items = this.waiting.splice(0, MAX_RECORDS);
      this.isUrgent = this.waiting.length > 0;
      const wanted = this.cursor.isCurrent ? items.filter((item) => item.wanted?.() ?? true) : items;
      try {
        if (wanted.length > 0) await this.append(wanted);
        else await this.cursor.follow();
        for (const item of wanted) item.landed?.();
      } catch (error) {
        for (const item of wanted) item.failed?.(error);
      }
    } while (this.isUrgent);
  }

  private append(items: readonly LogItem[]): Promise<void> {
    const records = items.map(({ record }) => record);
    return this.cursor.append(encodeEntry(records), new Date(Math.max(...records.map(endOf))));
  }

  private hear(entries: readonly Buffer[], now: Date): void {
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

/** A window counts up to a tenth longer than it is; without windows a record is of use for a day. */
function endOf({ at, windows }: LogRecord): number {
  const longest = Math.max(0, ...windows) * 1_000;
  return at + (longest > 0 ? longest * 1.2 : DAY_MS);
}
