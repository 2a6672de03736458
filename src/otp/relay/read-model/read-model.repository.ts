import { Inject, Injectable } from '@nestjs/common';
import type { mongo } from 'mongoose';
import { olderThan } from '../../../common/mongo/older-than';
import { runInserts, runUpdates } from '../../../common/mongo/write-commands';
import type { PagePosition } from '../../../common/page-cursor';
import { DURABLE_DB } from '../../../database/durable-connection';
import { and, cond, eq, letIn, lt, merge, or, orElse, paramsOf } from '../../slots/pipelines/expressions';
import { latePipeline, type LateReport } from '../../slots/pipelines/receipt/late.pipeline';
import type { VerificationStatus } from '../../slots/slot';
import type { StoredVerification, VerificationSnapshot } from './snapshot';
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
const durable = { writeConcern: { w: 'majority', j: true } } as const;
const reading = { readConcern: { level: 'majority' }, readPreference: 'primary' } as const;

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

const isOlder = or(
  lt('$seq', '$$p.seq'),
  and(eq('$seq', '$$p.seq'), lt(orElse('$rev', 0), orElse('$$p.rev', 0))),
);
/** One pipeline for all documents of a batch; `$$p` is what the one at hand changes to. */
const whereOlder = [
  { $replaceWith: letIn([{ p: paramsOf('$_id') }], cond(isOlder, merge('$$ROOT', '$$p'), '$$ROOT')) },
];

/** A transaction of the default connection. */
export interface InTransaction {
  readonly db: mongo.Db;
  readonly session: mongo.ClientSession;
}
const late = latePipeline();

/** The read model: owner of the collection `verifications`. */
@Injectable()
export class ReadModelRepository {
  private readonly verifications: mongo.Collection<ReadModelDocument>;

  constructor(@Inject(DURABLE_DB) private readonly db: mongo.Db) {
    this.verifications = db.collection<ReadModelDocument>(VERIFICATIONS);
  }

  /** New ones or newer versions. Idempotent, in any order: an older version never replaces a newer one. */
  async save(snapshots: readonly VerificationSnapshot[]): Promise<void> {
    for (const part of parts(snapshots)) {
      const documents = part.map(toDocument);
      const known = await runInserts(this.db, VERIFICATIONS, documents, { ordered: false });
      await this.update(known.flatMap((index) => part[index] ?? []));
    }
  }

  /** As {@link save}, for verifications that were saved before: half the work. */
  async update(snapshots: readonly VerificationSnapshot[]): Promise<void> {
    for (const part of parts(snapshots)) {
      const keys = part.map((snapshot) => snapshot.id);
      const c = { keys, params: part.map(changesOf) };
      const statement = { q: { _id: { $in: keys } }, u: whereOlder, c, multi: true };
      await runUpdates(this.db, VERIFICATIONS, [statement]);
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
  async tally(applicationId: string, from: Date, to: Date): Promise<TallyCell[]> {
    const options = { ...reading, maxTimeMS: TALLY_TIMEOUT_MS };
    return this.verifications.aggregate<TallyCell>(tallyStages(applicationId, from, to), options).toArray();
  }

  /** Whoever's it is: a receipt names a verification, not its application. */
  async findReported(id: string, { db, session }: InTransaction): Promise<ReadModelDocument | null> {
    return db.collection<ReadModelDocument>(VERIFICATIONS).findOne({ _id: id }, { session });
  }

  /**
   * Receipts about a verification whose slot has forgotten it, by the same rule as in the slot. Part of the caller's
   * transaction, so that the audit event is written if and only if this is.
   * @returns the verification as it is then; null when it is not known
   */
  async report(report: LateReport, { db, session }: InTransaction): Promise<ReadModelDocument | null> {
    const options = { session, let: { p: { $literal: report } }, returnDocument: 'after' } as const;
    const verifications = db.collection<ReadModelDocument>(VERIFICATIONS);
    return verifications.findOneAndUpdate({ _id: report.verificationId }, late, options);
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

/**
 * What of a verification changes. The rest is set once: so a late copy cannot bring back personal data or a
 * recipient that a job has removed meanwhile.
 */
function changesOf(snapshot: VerificationSnapshot) {
  const { seq, rev, status, checksUsed, expiresAt, endedAt, deliveries, sends } = snapshot;
  const version = rev === undefined ? { seq } : { seq, rev };
  return { ...version, status, checksUsed, expiresAt, endedAt, deliveries, sends };
}

function toStored({ _id, recipient, ...rest }: ReadDocument): StoredVerification {
  return { ...rest, id: _id, recipient: recipient ?? null };
}
