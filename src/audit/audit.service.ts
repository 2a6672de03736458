import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { mongo } from 'mongoose';
import type { RefusalRecorder } from '../access/refusal-recorder';
import { Clock } from '../common/clock';
import type { AuditEvent } from './audit-event';
import { AuditRepository, type AuditQuery } from './audit.repository';
import { Refusals, type Refusal } from './refusals';

/** A page of the log; `nextPos` is null on the last one. */
export interface AuditPage {
  readonly events: readonly AuditEvent[];
  readonly nextPos: bigint | null;
}

const FLUSH_MS = 1_000;
/** A little more than readers stay behind. */
const QUIET_MS = 3_100;

/** The audit log: written by everybody who does something worth a line, read by its owners. */
@Injectable()
export class AuditService implements RefusalRecorder, OnApplicationShutdown {
  private readonly logger = new Logger(AuditService.name);
  private readonly refusals = new Refusals();
  private flushTimer: NodeJS.Timeout | null = null;
  private quietTimer: NodeJS.Timeout | null = null;

  constructor(
    private readonly repository: AuditRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Durable: resolves once a majority has the event, or, given a session, when it is part of the caller's transaction.
   * The session must come from the default mongoose connection. Call it as the transaction's last statement: the
   * event's position is given now, but seen only from the commit on, and readers wait for two seconds at most.
   */
  async record(event: AuditEvent, session?: mongo.ClientSession): Promise<void> {
    if (!session) return this.append([event]);
    await this.repository.insert(event, session);
    this.showWhenQuiet();
  }

  /**
   * Best effort: returns at once, never throws, and may lose the last second when the process dies. At most
   * ten events per subject and rule a minute, the others are counted in `data.count` of one more.
   */
  recordRefusal(refusal: Refusal): void {
    this.refusals.add(refusal, this.clock.now());
    this.flushTimer ??= setInterval(() => void this.flush(false), FLUSH_MS).unref();
  }

  /** Idempotent by the events' ids; durable on a majority when it resolves. After a failure: all of them again. */
  async append(events: readonly AuditEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.repository.append(events);
    this.showWhenQuiet();
  }

  /** By position, about three seconds behind. What was not on a page never appears on it later. */
  async list(query: AuditQuery): Promise<AuditPage> {
    const found = await this.repository.list({ ...query, limit: query.limit + 1 });
    const page = found.slice(0, query.limit);
    const nextPos = found.length > page.length ? (page.at(-1)?.pos ?? null) : null;
    return { events: page.map((entry) => entry.event), nextPos };
  }

  /** See {@link AuditRepository.positionOf}. */
  positionOf(applicationId: string, eventId: string): Promise<bigint | null> {
    return this.repository.positionOf(applicationId, eventId);
  }

  /** Oldest first. @returns how many were deleted, at most `limit`. */
  deleteOlderThan(days: number, limit: number): Promise<number> {
    return this.repository.deleteOlderThan(days, limit);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.flush(true);
    if (this.quietTimer) clearTimeout(this.quietTimer);
  }

  private async flush(everything: boolean): Promise<void> {
    const events = this.refusals.take(this.clock.now(), everything);
    if (this.refusals.isEmpty) this.stopFlushing();
    try {
      await this.append(events);
    } catch {
      // The reason is in the health check; here only what is lost counts.
      this.logger.warn(`${events.length} audit events of refused calls could not be stored`);
    }
  }

  private stopFlushing(): void {
    if (this.flushTimer) clearInterval(this.flushTimer);
    this.flushTimer = null;
  }

  /**
   * Readers stay behind the cluster's time, which stands still while nobody writes: after the last event of a busy
   * moment one more write lets it be seen. Nothing is lost without it, the event is only seen later.
   */
  private showWhenQuiet(): void {
    this.quietTimer ??= setTimeout(
      () => void this.repository.advanceClusterTime().catch(() => undefined),
      QUIET_MS,
    ).unref();
    this.quietTimer.refresh();
  }
}
