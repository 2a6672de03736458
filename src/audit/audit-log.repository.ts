import { Inject, Injectable } from '@nestjs/common';
import type { mongo } from 'mongoose';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { unavailable } from '../common/errors';
import { runInserts } from '../common/mongo/write-commands';
import { DURABLE_DB } from '../database/durable-connection';
import { eventIdRange, type AuditEvent, type AuditEventType } from './audit-event';
import { AUDIT_EVENTS, toDocument, toEvent, type AuditLogDocument } from './audit.schema';

export interface AuditQuery {
  readonly applicationId: string;
  readonly verificationId?: string;
  readonly type?: AuditEventType;
  /** From, inclusive. */
  readonly after?: Date;
  /** To, exclusive. */
  readonly before?: Date;
  /** Only positions below this one. */
  readonly belowPos?: number;
  readonly limit: number;
}

export interface LoggedEvent {
  readonly pos: number;
  readonly event: AuditEvent;
}

const CHUNK = 1_000;
const MAX_TRIES = 10;
const RETRY_MS = 20;
const DAY_MS = 86_400_000;
const LIST_TIMEOUT_MS = 5_000;
const reading = { readConcern: { level: 'majority' }, readPreference: 'primary' } as const;

/**
 * The audit log: it can be appended to and read, and forgets from its start. Nothing changes an entry.
 *
 * Positions are dense, and position k is visible before k + 1 is: every insert is ordered, and the unique
 * index lets only one writer have k + 1. A drain that was paused and comes back with an old idea of the end
 * of the log therefore fails at its first entry instead of writing into the middle.
 */
@Injectable()
export class AuditLogRepository {
  private readonly log: mongo.Collection<AuditLogDocument>;

  constructor(@Inject(DURABLE_DB) private readonly db: mongo.Db) {
    this.log = db.collection<AuditLogDocument>(AUDIT_EVENTS);
  }

  /** In the given order; events that are there already are skipped. Durable on a majority when it resolves. */
  async append(events: readonly AuditEvent[]): Promise<void> {
    for (let start = 0; start < events.length; start += CHUNK) {
      await this.appendChunk(events.slice(start, start + CHUNK));
    }
  }

  /** Newest first. */
  async list(query: AuditQuery): Promise<LoggedEvent[]> {
    const options = {
      ...reading,
      sort: { pos: -1 },
      limit: query.limit,
      maxTimeMS: LIST_TIMEOUT_MS,
    } as const;
    const documents = await this.log.find(filterOf(query), options).toArray();
    return documents.map((document) => ({ pos: document.pos, event: toEvent(document) }));
  }

  /** Forgets the oldest entries, `limit` at most. @returns how many */
  async deleteOlderThan(days: number, limit: number): Promise<number> {
    const { localTime } = (await this.db.command({ hello: 1 })) as unknown as { localTime: Date };
    const cutoff = new Date(localTime.getTime() - days * DAY_MS);
    // One more than asked for: the newest entry of all must stay, or positions would start again at 1.
    const oldest = await this.log
      .find({}, { projection: { pos: 1, at: 1 }, sort: { pos: 1 }, limit: limit + 1 })
      .toArray();
    // A prefix: time and position agree to within seconds, and a log with holes would look tampered with.
    const deletable = takeWhile(oldest.slice(0, -1), (entry) => entry.at < cutoff);
    const last = deletable.at(-1);
    return last ? (await this.log.deleteMany({ pos: { $lte: last.pos } })).deletedCount : 0;
  }

  private async appendChunk(events: readonly AuditEvent[]): Promise<void> {
    let missing = events;
    for (let tries = 0; missing.length > 0; tries++) {
      if (tries === MAX_TRIES) throw unavailable('Too many writers at the end of the audit log.');
      // Optimistic: normally nobody else writes and nothing is there yet.
      if (tries > 0) {
        await sleep(randomInt(RETRY_MS * tries));
        missing = await this.notYetThere(missing);
      }
      if (await this.insert(missing)) return;
    }
  }

  /** @returns false when a position or an event was taken; what stands before it in the list is stored then. */
  private async insert(events: readonly AuditEvent[]): Promise<boolean> {
    if (events.length === 0) return true;
    const newest = await this.log.findOne({}, { projection: { pos: 1 }, sort: { pos: -1 } });
    const first = (newest?.pos ?? 0) + 1;
    const documents = events.map((event, index) => ({ ...toDocument(event), pos: first + index }));
    return (await runInserts(this.db, AUDIT_EVENTS, documents, { ordered: true })).length === 0;
  }

  /** Read with majority: an event that could still be rolled back does not count as there. */
  private async notYetThere(events: readonly AuditEvent[]): Promise<AuditEvent[]> {
    const ids = events.map((event) => event.id);
    const found = await this.log
      .find({ _id: { $in: ids } }, { ...reading, projection: { _id: 1 } })
      .toArray();
    const there = new Set(found.map((document) => document._id));
    return events.filter((event) => !there.has(event.id));
  }
}

function filterOf(query: AuditQuery): mongo.Filter<AuditLogDocument> {
  const { applicationId, verificationId, type, after, before, belowPos } = query;
  const filter: mongo.Filter<AuditLogDocument>[] = [{ applicationId }];
  if (verificationId !== undefined) {
    const { from, to } = eventIdRange(verificationId);
    filter.push({ _id: { $gte: from, $lt: to } });
  }
  if (type !== undefined) filter.push({ type });
  if (after) filter.push({ at: { $gte: after } });
  if (before) filter.push({ at: { $lt: before } });
  if (belowPos !== undefined) filter.push({ pos: { $lt: belowPos } });
  return { $and: filter };
}

function takeWhile<T>(items: readonly T[], test: (item: T) => boolean): readonly T[] {
  const end = items.findIndex((item) => !test(item));
  return end === -1 ? items : items.slice(0, end);
}
