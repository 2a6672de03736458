import { Injectable } from '@nestjs/common';
import type { AuditEvent } from './audit-event';
import { AuditInboxRepository } from './audit-inbox.repository';
import { AuditLogRepository, type AuditQuery, type LoggedEvent } from './audit-log.repository';

/** A page of the log; `nextPos` is null on the last one. */
export interface AuditPage {
  readonly events: readonly AuditEvent[];
  readonly nextPos: number | null;
}

/** The log: read by its owners, written by the drain alone. */
@Injectable()
export class AuditLogService {
  constructor(
    private readonly log: AuditLogRepository,
    private readonly inbox: AuditInboxRepository,
  ) {}

  /** Newest first, by position. A page never changes while older ones are read. */
  async list(query: AuditQuery): Promise<AuditPage> {
    const found: LoggedEvent[] = await this.log.list({ ...query, limit: query.limit + 1 });
    const page = found.slice(0, query.limit);
    const nextPos = found.length > page.length ? (page.at(-1)?.pos ?? null) : null;
    return { events: page.map((entry) => entry.event), nextPos };
  }

  /** Idempotent; durable on a majority when it resolves. */
  append(events: readonly AuditEvent[]): Promise<void> {
    return this.log.append(events);
  }

  /** Events that wait outside the slots, in order of arrival. */
  waiting(limit: number): Promise<AuditEvent[]> {
    return this.inbox.oldest(limit);
  }

  /** To be called once {@link append} has resolved for them. */
  forgetWaiting(ids: readonly string[]): Promise<void> {
    return this.inbox.remove(ids);
  }

  /** @returns how many were deleted, at most `limit`. */
  deleteOlderThan(days: number, limit: number): Promise<number> {
    return this.log.deleteOlderThan(days, limit);
  }
}
