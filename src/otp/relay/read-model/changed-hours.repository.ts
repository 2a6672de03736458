import { Inject, Injectable } from '@nestjs/common';
import type { mongo } from 'mongoose';
import { runUpdates } from '../../../common/mongo/write-commands';
import { DURABLE_DB } from '../../../database/durable-connection';
import type { VerificationSnapshot } from './snapshot';
import { hourOf, type ChangedHour, type ChangedHoursFilter } from './changed-hours';
import { CHANGED_HOURS, type ChangedHourDocument } from './changed-hours.schema';

/**
 * An hour is not counted again before 150 times as long has passed as the last count took: counting takes 0.7 % of
 * the database's time at most, however busy the hour is.
 */
const REST = 150;
const idOf = (applicationId: string, hour: Date): string =>
  `${applicationId}/${hour.toISOString().slice(0, 13)}`;

/** Owner of the collection `changed_hours`: what of the read model has to be counted again. */
@Injectable()
export class ChangedHoursRepository {
  private readonly hours: mongo.Collection<ChangedHourDocument>;

  constructor(@Inject(DURABLE_DB) private readonly db: mongo.Db) {
    this.hours = db.collection<ChangedHourDocument>(CHANGED_HOURS);
  }

  /**
   * One small write for all, durable when it resolves. Call it after the changes are in the read model and before
   * what they came from is forgotten: a count that reads the mark then reads the changes too.
   */
  async mark(changed: readonly Pick<VerificationSnapshot, 'applicationId' | 'createdAt'>[]): Promise<void> {
    const changedAt = new Date();
    const marks = new Map<string, { applicationId: string; hour: Date }>();
    for (const { applicationId, createdAt } of changed) {
      const hour = hourOf(createdAt);
      marks.set(idOf(applicationId, hour), { applicationId, hour });
    }
    const statements = Array.from(marks, ([_id, fields]) => ({
      q: { _id },
      u: { $inc: { version: 1 }, $min: { changedAt }, $setOnInsert: fields },
      upsert: true,
    }));
    await runUpdates(this.db, CHANGED_HOURS, statements);
  }

  /** Hours that wait and have rested, the longest waiting first. */
  async waiting(filter: ChangedHoursFilter, limit: number): Promise<ChangedHour[]> {
    const rested = {
      $lte: [{ $add: ['$countedAt', { $multiply: [REST, '$tookMs'] }] }, '$$NOW'],
    };
    const query = { ...fieldsOf(filter), $expr: { $or: [{ $lte: ['$tookMs', null] }, rested] } };
    const found = await this.hours.find(query, { sort: { changedAt: 1 }, limit }).toArray();
    return found.map(({ _id, countedAt: _, changedAt = hourOf(new Date()), ...rest }) => ({
      ...rest,
      changedAt,
    }));
  }

  /** How many hours wait, rested or not. */
  countWaiting(filter: ChangedHoursFilter): Promise<number> {
    return this.hours.countDocuments(fieldsOf(filter));
  }

  /** The hour was counted as of this version; a change since then goes on waiting. */
  async counted({ applicationId, hour, version }: ChangedHour, tookMs: number): Promise<void> {
    const counted = { countedAt: '$$NOW', tookMs };
    const waits = { $cond: [{ $gt: ['$version', version] }, '$changedAt', '$$REMOVE'] };
    await this.hours.updateOne({ _id: idOf(applicationId, hour) }, [
      { $set: { ...counted, changedAt: waits } },
    ]);
  }
}

function fieldsOf({
  applicationId,
  from,
  to,
  tookAtMostMs,
}: ChangedHoursFilter): mongo.Filter<ChangedHourDocument> {
  return {
    changedAt: { $exists: true },
    ...(applicationId === undefined ? {} : { applicationId }),
    ...(tookAtMostMs === undefined ? {} : { tookMs: { $not: { $gt: tookAtMostMs } } }),
    ...(from || to ? { hour: { ...(from && { $gte: from }), ...(to && { $lt: to }) } } : {}),
  };
}
