/**
 * Where this process stands in the log: it reads on, adds at the end, and hands over what others added before. One
 * call at a time.
 */
import type { Clock } from '../../common/clock';
import { unavailable } from '../../common/errors';
import { answered } from '../../common/mongo/answered';
import type { LimitLogRepository, News, Position } from './limit-log.repository';

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
  private isFull = false;
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

  /** Reads to the end of the log. */
  async follow(): Promise<void> {
    let isMore = true;
    while (isMore) {
      const news = await this.readOn();
      if (news === 'gone') this.restart();
      else if (news) this.take(news);
      isMore = news === 'gone' || (news?.isFull ?? false);
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
      // Before the next entry the log is read again: what stands there may be other than was thought.
      this.isRead = false;
      throw error;
    }
  }

  private async addPage(entry: Buffer, until: Date): Promise<boolean> {
    const full = this.position.page;
    const page = full + 1;
    if (!(await answered(this.repository.begin(page, entry, until), COMMAND_MS))) return false;
    this.position = { page, seen: 1 };
    this.isFull = false;
    // Lost in a crash, it leaves one page that is never deleted.
    if (full > 0) void this.repository.close(full).catch(() => undefined);
    return true;
  }

  /** `gone`: the page was deleted while nobody here looked, or the database was put back to an earlier state. */
  private async readOn(): Promise<News | 'gone' | null> {
    if (!this.isOpen) return answered(this.repository.next(this.position.page), COMMAND_MS);
    return (await answered(this.repository.read(this.position), COMMAND_MS)) ?? 'gone';
  }

  private restart(): void {
    this.position = START;
    this.isFull = false;
    this.listener.onRestart();
  }

  private take({ entries, position, isFull, now }: News): void {
    this.readAt = this.clock.monotonic();
    this.position = position;
    this.isFull = isFull;
    this.listener.onEntries(entries, now);
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
