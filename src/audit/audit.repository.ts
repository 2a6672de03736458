import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { mongo, type Connection } from 'mongoose';
import { unavailable } from '../common/errors';
import { runInserts } from '../common/mongo/write-commands';
import { eventIdRange, type AuditEvent, type AuditEventType, type AuditOrder } from './audit-event';
import { AUDIT_EVENTS, toDocument, toEvent, type AuditEventDocument } from './audit.schema';

export interface AuditQuery {
  readonly applicationId: string;
  readonly verificationId?: string;
  readonly type?: AuditEventType;
  /** From, inclusive. */
  readonly after?: Date;
  /** To, exclusive. */
  readonly before?: Date;
  /** Absent: `newest` first. */
  readonly order?: AuditOrder;
  /** Only positions below this one. */
  readonly belowPos?: bigint;
  /** Only positions above this one. */
  readonly abovePos?: bigint;
  readonly limit: number;
}

export interface PositionedEvent {
  /** Rises with every event of all applications; the numbers have gaps. */
  readonly pos: bigint;
  readonly event: AuditEvent;
}

/** Events a command: far below 16 MB, and far below what a second suffices for. */
const CHUNK = 500;
/**
 * A position is given when an insert starts and seen when it ends. This bounds the time between, so that a reader who
 * stays {@link DISTANCE_SECONDS} behind meets no position late.
 */
const INSERT_TIMEOUT_MS = 1_000;
/** Twice that: the server looks at the time-out now and then, not all the time. */
const DISTANCE_SECONDS = 2;
const LIST_TIMEOUT_MS = 5_000;
const DAY_SECONDS = 86_400;
/** One document makes the cluster's time go on where nobody else writes, one says how far the log was shortened. */
const AUDIT_CLOCK = 'audit_clock';
const DELETED = 'deleted';

/**
 * The audit log: it is appended to, read, and shortened from its old end. Nothing changes an entry. The server gives
 * the positions, so any number of processes may append at once. docs/adr/0016 has the reasons.
 */
@Injectable()
export class AuditRepository {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Stored if and only if the caller's transaction commits. */
  async insert(event: AuditEvent, session: mongo.ClientSession): Promise<void> {
    // Not by `append`: a duplicate must fail the call, because it has ended the transaction.
    await this.events.insertOne(toDocument(event), { session, maxTimeMS: INSERT_TIMEOUT_MS });
  }

  /**
   * Events that are there already stay as they are. When it resolves, all of them are durable on a majority: with a
   * duplicate the server waits for the majority as well. When it rejects, some may be there: append all of them again.
   */
  async append(events: readonly AuditEvent[]): Promise<void> {
    for (let start = 0; start < events.length; start += CHUNK) {
      const documents = events.slice(start, start + CHUNK).map(toDocument);
      await runInserts(this.db, AUDIT_EVENTS, documents, { ordered: false, maxTimeMS: INSERT_TIMEOUT_MS });
    }
  }

  /** By position. Events of the last two to three seconds are not shown yet. */
  async list(query: AuditQuery): Promise<PositionedEvent[]> {
    return this.connection.withSession(async (session) => {
      const end = await this.endOfReadable(session);
      const sort = { pos: query.order === 'oldest' ? 1 : -1 } as const;
      const options = { ...readOptions(session), sort, limit: query.limit };
      const documents = await this.events.find(filterOf(query, end), options).toArray();
      return documents.map(positioned);
    });
  }

  /** Of all applications, oldest first, above a position. */
  async listAbove(pos: bigint, limit: number): Promise<PositionedEvent[]> {
    return this.connection.withSession(async (session) => {
      const end = await this.endOfReadable(session);
      const documents = await this.events
        .find(
          { pos: { $gt: new mongo.Timestamp(pos), $lt: end } },
          { ...readOptions(session), sort: { pos: 1 }, limit },
        )
        .toArray();
      return documents.map(positioned);
    });
  }

  /** Those of these events that stand above a position: the others were passed, or are not there. */
  async listByIds(ids: readonly string[], abovePos: bigint): Promise<PositionedEvent[]> {
    if (ids.length === 0) return [];
    const filter = { _id: { $in: [...ids] }, pos: { $gt: new mongo.Timestamp(abovePos) } };
    return (await this.events.find(filter, readOptions()).toArray()).map(positioned);
  }

  /** Where whoever wants to know what happens from now on begins to read. */
  async now(): Promise<bigint> {
    return this.connection.withSession(async (session) =>
      startOfSecond((await this.clusterTime(session)).t).toBigInt(),
    );
  }

  /** The last position that was deleted for its age; null: none yet. */
  async deletedUpTo(): Promise<bigint | null> {
    const marker = await this.clock.findOne({ _id: DELETED });
    return marker?.pos?.toBigInt() ?? null;
  }

  /** Where an event of this application stands; null when it is not, or no longer, in the log. */
  async positionOf(applicationId: string, eventId: string): Promise<bigint | null> {
    const options = { projection: { pos: 1 }, maxTimeMS: LIST_TIMEOUT_MS };
    const document = await this.events.findOne({ _id: eventId, applicationId }, options);
    return document?.pos.toBigInt() ?? null;
  }

  /** Deletes the oldest entries, `limit` at most, the oldest first. @returns how many */
  async deleteOlderThan(days: number, limit: number): Promise<number> {
    const cutoff = await this.connection.withSession(async (session) =>
      startOfSecond((await this.clusterTime(session)).t - days * DAY_SECONDS),
    );
    const oldest = await this.events
      .find({ pos: { $lt: cutoff } }, { projection: { pos: 1 }, sort: { pos: 1 }, limit })
      .toArray();
    const last = oldest.at(-1);
    if (!last) return 0;
    // Before they go, so that a reader who comes late knows for certain what he has missed.
    await this.clock.updateOne({ _id: DELETED }, { $max: { pos: last.pos } }, { upsert: true });
    // A range of positions, not a list of ids: what a crash leaves is still a log without holes.
    return (await this.events.deleteMany({ pos: { $lte: last.pos } })).deletedCount;
  }

  /** A write, so that the cluster's time goes on; without it an idle replica set writes one every ten seconds. */
  async advanceClusterTime(): Promise<void> {
    await this.clock.updateOne({ _id: 'clock' }, { $currentDate: { at: true } }, { upsert: true });
  }

  /**
   * Below this position nothing can appear any more. Asked for before the read, whose session then makes it see all
   * that was written up to that moment, also on a new primary.
   */
  private async endOfReadable(session: mongo.ClientSession): Promise<mongo.Timestamp> {
    // The cluster's time, not a clock: when the server stood still for a while, so did this.
    return startOfSecond((await this.clusterTime(session)).t - DISTANCE_SECONDS);
  }

  /** The time of the last write. */
  private async clusterTime(session: mongo.ClientSession): Promise<mongo.Timestamp> {
    await this.db.command({ ping: 1 }, { session });
    if (!session.operationTime) throw unavailable('The database did not say its time.');
    return session.operationTime;
  }

  private get events(): mongo.Collection<AuditEventDocument> {
    return this.db.collection<AuditEventDocument>(AUDIT_EVENTS);
  }

  private get clock(): mongo.Collection<{ _id: string; pos?: mongo.Timestamp }> {
    return this.db.collection(AUDIT_CLOCK);
  }

  private get db(): mongo.Db {
    if (!this.connection.db) throw unavailable('The database did not answer. Try again shortly.');
    return this.connection.db;
  }
}

const readOptions = (session?: mongo.ClientSession) =>
  ({
    ...(session && { session }),
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    maxTimeMS: LIST_TIMEOUT_MS,
  }) as const;

const positioned = (document: AuditEventDocument): PositionedEvent => ({
  pos: document.pos.toBigInt(),
  event: toEvent(document),
});

const startOfSecond = (seconds: number): mongo.Timestamp => new mongo.Timestamp({ t: seconds, i: 0 });

function filterOf(query: AuditQuery, end: mongo.Timestamp): mongo.Filter<AuditEventDocument> {
  const { applicationId, verificationId, type, after, before, belowPos, abovePos } = query;
  const filter: mongo.Filter<AuditEventDocument>[] = [{ applicationId }, { pos: { $lt: end } }];
  if (verificationId !== undefined) {
    const { from, to } = eventIdRange(verificationId);
    filter.push({ _id: { $gte: from, $lt: to } });
  }
  if (type !== undefined) filter.push({ type });
  if (after) filter.push({ at: { $gte: after } });
  if (before) filter.push({ at: { $lt: before } });
  if (belowPos !== undefined) filter.push({ pos: { $lt: new mongo.Timestamp(belowPos) } });
  if (abovePos !== undefined) filter.push({ pos: { $gt: new mongo.Timestamp(abovePos) } });
  return { $and: filter };
}
