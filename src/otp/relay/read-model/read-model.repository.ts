import { Inject, Injectable } from '@nestjs/common';
import type { mongo } from 'mongoose';
import { unavailable } from '../../../common/errors';
import { olderThan } from '../../../common/mongo/older-than';
import { runInserts, runUpdates, type UpdateStatement } from '../../../common/mongo/write-commands';
import type { PagePosition } from '../../../common/page-cursor';
import { DURABLE_DB } from '../../../database/durable-connection';
import type { VerificationStatus } from '../../slots/slot';
import type { StoredVerification, VerificationSnapshot } from './snapshot';
import { settingOf, statementOf } from './snapshot-update';
import { VERIFICATIONS, type ReadModelDocument } from './read-model.schema';
import { tallyStages, type TallyCell } from './tally';

export interface ReadModelQuery {
  readonly applicationId: string;
  /** HMAC of (application, recipient). */
  readonly recipient?: string;
  readonly status?: VerificationStatus;
  readonly purpose?: string;
  /** From, inclusive. */
  readonly createdAfter?: Date;
  /** To, exclusive. */
  readonly createdBefore?: Date;
  /** Only what comes after this place, newest first. */
  readonly after: PagePosition | null;
  readonly limit: number;
}

/** Both are HMACs over the number. The slot's key is needed to open `personal`, which went long before. */
const KEYED_INDEXES_GONE = { $unset: { recipient: 1 }, $set: { slotId: '' } } as const;

const DAY_MS = 86_400_000;
/** A list that would have to read too much gives up instead of keeping the server busy. */
const LIST_TIMEOUT_MS = 5_000;
/** Within the socket's time-out; counting takes about 13 µs per verification, and long hours come in slices. */
const TALLY_TIMEOUT_MS = 7_000;
const DUPLICATE_KEY = 11000;
const durable = { writeConcern: { w: 'majority', j: true } } as const;
const durableWithin = { maxTimeMS: 5_000, writeConcern: { ...durable.writeConcern, wtimeout: 5_000 } };
/** Bytes are Buffers in the domain. */
const promoteBuffers = true;
const reading = { readConcern: { level: 'majority' }, readPreference: 'primary', promoteBuffers } as const;

/** Pending at or after `expiresAt` reads as expired, job or not, by the database's clock. */
const statusByTime = [
  { $set: { lapsed: { $and: [{ $eq: ['$status', 'pending'] }, { $lte: ['$expiresAt', '$$NOW'] }] } } },
  {
    $set: {
      status: { $cond: ['$lapsed', 'expired', '$status'] },
      endedAt: { $cond: ['$lapsed', '$expiresAt', '$endedAt'] },
    },
  },
  { $unset: 'lapsed' },
  { $set: { now: '$$NOW' } },
];
type ReadDocument = ReadModelDocument & { readonly now: Date };
interface UpsertReply {
  readonly writeErrors?: readonly { readonly index: number; readonly code: number }[];
}

/** A transaction of the default connection. */
export interface InTransaction {
  readonly db: mongo.Db;
  readonly session: mongo.ClientSession;
}

/** What a report changes in a verification; without `rev`, the new version has none. */
export type LateChange = Pick<VerificationSnapshot, 'deliveries' | 'seq' | 'rev'>;
/** @param now the database's time */
export type LateDecision = (before: ReadModelDocument, now: Date) => LateChange | null;
export interface Reported {
  readonly before: ReadModelDocument;
  readonly after: ReadModelDocument;
}

/** The read model: owner of the collection `verifications`. */
@Injectable()
export class ReadModelRepository {
  private readonly verifications: mongo.Collection<ReadModelDocument>;

  constructor(@Inject(DURABLE_DB) private readonly db: mongo.Db) {
    this.verifications = db.collection<ReadModelDocument>(VERIFICATIONS);
  }

  /** As {@link save}, for verifications that are most likely not there: half the work for the database. */
  async insert(snapshots: readonly VerificationSnapshot[]): Promise<void> {
    for (const part of parts(snapshots)) {
      const documents = part.map(toDocument);
      const known = await runInserts(this.db, VERIFICATIONS, documents, { ordered: false });
      await this.save(known.flatMap((index) => part[index] ?? []));
    }
  }

  /** New ones or newer versions. Idempotent, in any order: an older version never replaces a newer one. */
  async save(snapshots: readonly VerificationSnapshot[]): Promise<void> {
    for (const part of parts(snapshots)) {
      const met = await this.upsert(part.map(statementOf));
      // What is there is as new, or two first copies met. Where this one is the newer after all, it replaces it now.
      await runUpdates(this.db, VERIFICATIONS, met);
    }
  }

  async find(applicationId: string, id: string): Promise<StoredVerification | null> {
    const stages = [{ $match: { _id: id, applicationId } }, ...statusByTime];
    const [document] = await this.verifications.aggregate<ReadDocument>(stages, reading).toArray();
    return document ? toStored(document) : null;
  }

  /** Newest first. */
  async list(query: ReadModelQuery): Promise<StoredVerification[]> {
    const stages = [
      { $match: filterOf(query) },
      { $sort: { createdAt: -1, _id: -1 } },
      ...statusByTime,
      ...(query.status ? [{ $match: { status: query.status } }] : []),
      { $limit: query.limit },
    ];
    const options = { ...reading, maxTimeMS: LIST_TIMEOUT_MS };
    const documents = await this.verifications.aggregate<ReadDocument>(stages, options).toArray();
    return documents.map(toStored);
  }

  /** What the verifications of one application come to that were created in [from, to), before it is added up. */
  tally(applicationId: string, from: Date, to: Date): Promise<TallyCell[]> {
    const options = { ...reading, maxTimeMS: TALLY_TIMEOUT_MS };
    return this.verifications.aggregate<TallyCell>(tallyStages(applicationId, from, to), options).toArray();
  }

  /**
   * A report about a verification whose slot has forgotten it; it names the verification, not its application. Part of
   * the caller's transaction, so that the audit event is written if and only if this is.
   * @param decide what of it changes, by the rule of the slot; null: nothing
   * @returns the verification before and after; null when it is not known
   */
  async report(id: string, decide: LateDecision, { db, session }: InTransaction): Promise<Reported | null> {
    const verifications = db.collection<ReadModelDocument>(VERIFICATIONS);
    const stages = [{ $match: { _id: id } }, { $set: { now: '$$NOW' } }];
    const options = { session, promoteBuffers };
    const [found] = await verifications.aggregate<ReadDocument>(stages, options).toArray();
    if (!found) return null;
    const { now, ...before } = found;
    const change = decide(before, now);
    if (!change) return { before, after: before };
    const { rev = null, ...rest } = before;
    const filter = { _id: id, seq: before.seq, rev } as mongo.Filter<ReadModelDocument>;
    const { matchedCount } = await verifications.updateOne(filter, settingOf(change), { session });
    // A transaction meets another one earlier than here. If not, nothing of it may be told.
    if (matchedCount === 0) throw unavailable('The verification changed at the same time. Try again.');
    return { before, after: { ...rest, ...change } };
  }

  async erasePersonal(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.verifications.updateMany({ _id: { $in: [...ids] } }, { $set: { personal: null } }, durable);
  }

  /**
   * Takes the next batch of those created at least `days` ago, from a place on, and removes their recipient.
   * @returns the place to go on from, and how many were looked at
   */
  async removeRecipients(
    days: number,
    from: PagePosition | null,
    limit: number,
  ): Promise<{ done: number; last: PagePosition | null }> {
    const { createdAt, id } = from ?? { createdAt: new Date(0), id: '' };
    const old = await this.verifications
      .find(
        {
          createdAt: { $gte: createdAt, $lt: await this.daysAgo(days) },
          $or: [{ createdAt: { $gt: createdAt } }, { _id: { $gt: id } }],
        },
        { projection: { createdAt: 1 }, sort: { createdAt: 1, _id: 1 }, limit },
      )
      .toArray();
    const ids = old.map((document) => document._id);
    if (ids.length > 0)
      await this.verifications.updateMany({ _id: { $in: ids } }, KEYED_INDEXES_GONE, durable);
    const last = old.at(-1);
    return { done: ids.length, last: last ? { createdAt: last.createdAt, id: last._id } : from };
  }

  /** @returns how many were deleted, at most `limit`. */
  async deleteOlderThan(days: number, limit: number): Promise<number> {
    const old = await this.verifications
      .find(
        { createdAt: { $lt: await this.daysAgo(days) } },
        { projection: { _id: 1 }, sort: { createdAt: 1, _id: 1 }, limit },
      )
      .toArray();
    if (old.length === 0) return 0;
    const ids = old.map((document) => document._id);
    return (await this.verifications.deleteMany({ _id: { $in: ids } }, durable)).deletedCount;
  }

  /** @returns the statements whose verification is there already, and did not match: they changed nothing */
  private async upsert(statements: readonly UpdateStatement[]): Promise<UpdateStatement[]> {
    const updates = statements.map((statement) => ({ ...statement, upsert: true }));
    const command = { update: VERIFICATIONS, updates, ordered: false, ...durableWithin };
    const reply: UpsertReply = await this.db.command(command);
    const errors = reply.writeErrors ?? [];
    const failure = errors.find(({ code }) => code !== DUPLICATE_KEY);
    // Never with the server's message, which may quote values.
    if (failure) throw Object.assign(new Error('A copy could not be stored'), { code: failure.code });
    return errors.flatMap(({ index }) => statements[index] ?? []);
  }

  /** By the database's clock. */
  private async daysAgo(days: number): Promise<Date> {
    const { localTime } = (await this.db.command({ hello: 1 })) as unknown as { localTime: Date };
    return new Date(localTime.getTime() - days * DAY_MS);
  }
}

function filterOf(query: ReadModelQuery): mongo.Filter<ReadModelDocument> {
  const { applicationId, recipient, status, purpose, createdAfter, createdBefore, after } = query;
  const filter: mongo.Filter<ReadModelDocument>[] = [{ applicationId }];
  if (recipient !== undefined) filter.push({ recipient });
  if (purpose !== undefined) filter.push({ purpose });
  // What reads as expired may be stored as pending; the exact answer is given after the status was computed.
  if (status !== undefined)
    filter.push({ status: { $in: status === 'expired' ? ['expired', 'pending'] : [status] } });
  if (createdAfter) filter.push({ createdAt: { $gte: createdAfter } });
  if (createdBefore) filter.push({ createdAt: { $lt: createdBefore } });
  // The upper bound again, where the index can use it.
  if (after) filter.push({ createdAt: { $lte: after.createdAt } }, olderThan(after));
  return { $and: filter };
}

/** A command is one document of 16 MB at most; a verification with all its deliveries has up to 60 KB. */
const PART = 200;

function* parts<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += PART) yield items.slice(start, start + PART);
}

function toDocument({ id, recipient, ...rest }: VerificationSnapshot): ReadModelDocument {
  return recipient === null ? { _id: id, ...rest } : { _id: id, ...rest, recipient };
}

function toStored({ _id, recipient, ...rest }: ReadDocument): StoredVerification {
  return { ...rest, id: _id, recipient: recipient ?? null };
}
