/**
 * Where this process stands in the log: it reads on, adds at the end, and hands over what others added before. One
 * call at a time.
 */
import type { Clock } from '../../common/clock';
import { unavailable } from '../../common/errors';
import { answered } from '../../common/mongo/answered';
import type { Ride } from '../../common/mongo/ride';
import {
  additionTo,
  FULL_BYTES,
  type LimitLogRepository,
  type News,
  type Position,
} from './limit-log.repository';

/** Who hears what is read. */
export interface LogListener {
  /** Entries of others, in order; `now` is the database's time. */
  onEntries(entries: readonly Buffer[], now: Date): void;
  /** Everything that was told is void: it is told again from the beginning of the log. */
  onRestart(): void;
}

/** Nobody waits for a command any more then. */
export const COMMAND_MS = 8_500;
/** A full page that a majority does not have yet is looked at again. */
const PAUSE_MS = 5;

const START: Position = { page: 0, seen: 0 };

export class LogCursor {
  private position = START;
  /** Of the page. */
  private bytes = 0;
  private isRead = false;
  private readAt = -Infinity;

  constructor(
    private readonly repository: Pick<LimitLogRepository, 'append' | 'begin' | 'close' | 'read' | 'next'>,
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly listener: LogListener,
  ) {}

  /** Everything that is in the log was told once. */
  get isCurrent(): boolean {
    return this.isRead;
  }

  /** Milliseconds since the log was last read to its end. */
  get ageMs(): number {
    return this.clock.monotonic() - this.readAt;
  }

  /**
   * Adds an entry; everything before it was told when it resolves.
   * @throws as the driver does, or DomainError `unavailable`: the entry may be in the log, or may yet get there
   */
  async append(entry: Buffer, until: Date): Promise<void> {
    const deadline = this.clock.monotonic() + COMMAND_MS;
    if (!this.isRead) await this.follow();
    while (this.clock.monotonic() < deadline) {
      if (await this.addTo(entry, until)) return;
      await pause();
    }
    throw unavailable('The log of limits takes nothing at the moment. Try again.');
  }

  /**
   * Adds an entry in somebody else's command, which takes effect only if everything before it was told.
   * @returns `added` is to be called when it did
   */
  addition(
    entry: Buffer,
    until: Date,
  ): { readonly statement: Ride['statement']; readonly added: () => void } {
    const at = this.isOpen ? this.position : { page: this.position.page + 1, seen: 0 };
    const added = (): void => this.added(at, entry.length);
    return { statement: additionTo(at, entry, until), added };
  }

  /** What stands at the end of the log may be other than was thought: it is read again before the next entry. */
  doubt(): void {
    this.isRead = false;
  }

  /** Reads to the end of the log. */
  async follow(): Promise<void> {
    let isMore = true;
    while (isMore) {
      const news = await this.readOn();
      if (news === 'gone') this.restart();
      else if (news) this.take(news);
      isMore = news === 'gone' || (news !== null && this.isFull);
    }
    this.isRead = true;
    this.readAt = this.clock.monotonic();
  }

  /** @returns false: not now */
  private async addTo(entry: Buffer, until: Date): Promise<boolean> {
    if (this.isOpen && (await this.addToPage(entry, until))) return true;
    await this.follow();
    return !this.isOpen && this.addPage(entry, until);
  }

  /** Nothing will be added to the page any more. */
  private get isFull(): boolean {
    return this.bytes >= FULL_BYTES;
  }

  /** There is a page here that takes more, as far as is known. */
  private get isOpen(): boolean {
    return this.position.page > 0 && !this.isFull;
  }

  private async addToPage(entry: Buffer, until: Date): Promise<boolean> {
    try {
      const news = await answered(this.repository.append(this.position, entry, until), COMMAND_MS);
      if (news) this.take(news);
      return news !== null;
    } catch (error) {
      this.doubt();
      throw error;
    }
  }

  private async addPage(entry: Buffer, until: Date): Promise<boolean> {
    const page = this.position.page + 1;
    if (!(await answered(this.repository.begin(page, entry, until), COMMAND_MS))) return false;
    this.added({ page, seen: 0 }, entry.length);
    return true;
  }

  /** An entry of this process, after all that was told. */
  private added({ page, seen }: Position, bytes: number): void {
    const full = page - 1;
    // Lost in a crash, it leaves one page that is never deleted.
    if (seen === 0 && full > 0) void this.repository.close(full).catch(() => undefined);
    this.position = { page, seen: seen + 1 };
    this.bytes = seen === 0 ? bytes : this.bytes + bytes;
  }

  /** `gone`: the page was deleted while nobody here looked, or the database was put back to an earlier state. */
  private async readOn(): Promise<News | 'gone' | null> {
    if (!this.isOpen) return answered(this.repository.next(this.position.page), COMMAND_MS);
    return (await answered(this.repository.read(this.position), COMMAND_MS)) ?? 'gone';
  }

  private restart(): void {
    this.position = START;
    this.bytes = 0;
    this.listener.onRestart();
  }

  private take({ entries, position, bytes, now }: News): void {
    this.readAt = this.clock.monotonic();
    this.position = position;
    this.bytes = bytes;
    this.listener.onEntries(entries, now);
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
