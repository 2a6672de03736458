import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../common/clock';
import { unavailable } from '../../../common/errors';
import type { InstanceJob } from '../../../common/jobs/job';
import { answered } from '../../../common/mongo/answered';
import { DatabaseClock } from '../../../common/mongo/database-clock';
import { BlockList } from './block-list';
import { BlocksRepository } from '../store/blocks.repository';

/** A change is seen by every instance within this time; what was read longer ago is not trusted. */
export const TRUST_MS = 4_000;
const POLL_EVERY_MS = 1_500;
const READ_TIMEOUT_MS = 2_500;
/** Lists of applications that made no call for this long are forgotten. */
const IDLE_MS = 60_000;
/** What was removed is remembered by the database for a day: lists that are older are read as a whole. */
const CATCH_UP_MS = 3_600_000;
/** Over all applications, about 100 MB; beyond, the lists read longest ago are read again when they are needed. */
const MAX_IN_MEMORY = 150_000;

interface Entry {
  readonly list: BlockList;
  rev: number;
  /** When the latest read that it agrees with was started, by the monotonic clock. */
  readAt: number;
  usedAt: number;
}

type Reads = Pick<BlocksRepository, 'revisions' | 'changes'>;

/**
 * The lists of the applications that are in use, in memory. One small query every 1.5 s asks for the revision of all of
 * them at once, and only what changed is read. A list that could not be compared for 4 s is not trusted: calls then
 * wait for the database and are refused when it does not answer, as a STOP must hold, and without the database nothing
 * could be sent anyway.
 */
@Injectable()
export class BlockLists {
  private readonly logger = new Logger(BlockLists.name);
  /** In the order in which they came to memory. */
  private readonly entries = new Map<string, Entry>();
  private readonly reading = new Map<string, Promise<Entry>>();
  private readonly databaseClock: DatabaseClock;

  constructor(
    @Inject(BlocksRepository) private readonly repository: Reads,
    @Inject(Clock) private readonly clock: Pick<Clock, 'monotonic'>,
  ) {
    this.databaseClock = new DatabaseClock(clock);
  }

  /**
   * At most 4 s old; costs no I/O while the application is in use.
   * @throws DomainError `unavailable`, also when it rejects
   */
  of(applicationId: string): BlockList | Promise<BlockList> {
    const entry = this.entries.get(applicationId);
    const now = this.clock.monotonic();
    if (!entry || now - entry.readAt > TRUST_MS) return this.wait(applicationId);
    entry.usedAt = now;
    return entry.list;
  }

  /** The database's time, in milliseconds since the epoch; never unknown where a list that is trusted has entries. */
  now(): number {
    // Not known: nothing has ended.
    return this.databaseClock.now()?.getTime() ?? 0;
  }

  /** To be called after a change by this instance: sends that begin when it resolves go by it. Never rejects. */
  async changed(applicationId: string): Promise<void> {
    // One that is under way may have begun before the change.
    await this.reading.get(applicationId)?.catch(() => undefined);
    if (!this.entries.has(applicationId)) return;
    await this.readOnce(applicationId).catch(() => this.entries.delete(applicationId));
  }

  get job(): InstanceJob {
    return {
      name: 'block-lists',
      everyMs: POLL_EVERY_MS,
      everyInstance: true,
      run: () => this.poll(),
    };
  }

  /** Compares every list that is in use. @throws when the database does not answer */
  async poll(): Promise<void> {
    const readAt = this.clock.monotonic();
    this.dropIdle(readAt);
    if (this.entries.size === 0) return;
    const ids = [...this.entries.keys()];
    const revisions = await this.revisions(ids);
    const changed = ids.filter((id) => !this.isSame(id, revisions.get(id) ?? 0, readAt));
    const reads = await Promise.allSettled(changed.map((id) => this.readOnce(id)));
    if (reads.some(({ status }) => status === 'rejected')) throw unavailable('Lists could not be read.');
  }

  private isSame(applicationId: string, rev: number, readAt: number): boolean {
    const entry = this.entries.get(applicationId);
    if (!entry) return true;
    if (entry.rev !== rev) return false;
    entry.readAt = Math.max(entry.readAt, readAt);
    return true;
  }

  private async wait(applicationId: string): Promise<BlockList> {
    try {
      const entry = await this.readOnce(applicationId);
      entry.usedAt = this.clock.monotonic();
      return entry.list;
    } catch (error) {
      this.logger.warn(`block lists could not be read: ${error instanceof Error ? error.name : 'unknown'}`);
      throw unavailable('The block lists cannot be read at the moment.');
    }
  }

  /** However many calls wait for one list, one read serves them, and no two reads change a list at once. */
  private readOnce(applicationId: string): Promise<Entry> {
    const running = this.reading.get(applicationId);
    if (running) return running;
    const read = this.read(applicationId).finally(() => this.reading.delete(applicationId));
    this.reading.set(applicationId, read);
    return read;
  }

  private async read(applicationId: string): Promise<Entry> {
    const readAt = this.clock.monotonic();
    const before = this.entries.get(applicationId);
    const known = before && readAt - before.readAt < CATCH_UP_MS ? before : { list: new BlockList(), rev: 0 };
    // First the revision, then the changes: everything up to it is in them.
    const rev = (await this.revisions([applicationId])).get(applicationId) ?? 0;
    const isNews = rev !== known.rev;
    const changes = isNews
      ? await answered(this.repository.changes(applicationId, known.rev), READ_TIMEOUT_MS)
      : [];
    for (const change of changes) {
      if (change.kind === 'put') known.list.put(change.block);
      else known.list.remove(change.id);
    }
    known.list.prune(this.now());
    const entry = { list: known.list, rev, readAt, usedAt: before?.usedAt ?? readAt };
    this.remember(applicationId, entry);
    return entry;
  }

  private async revisions(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { byApplication, now } = await answered(this.repository.revisions(ids), READ_TIMEOUT_MS);
    if (now) this.databaseClock.observe(now);
    return byApplication;
  }

  private remember(applicationId: string, entry: Entry): void {
    this.entries.delete(applicationId);
    this.entries.set(applicationId, entry);
    let kept = 0;
    for (const { list } of this.entries.values()) kept += list.size;
    for (const [id, { list }] of this.entries) {
      if (kept <= MAX_IN_MEMORY || id === applicationId) return;
      this.entries.delete(id);
      kept -= list.size;
    }
  }

  private dropIdle(now: number): void {
    for (const [id, { usedAt }] of this.entries) if (now - usedAt > IDLE_MS) this.entries.delete(id);
  }
}
