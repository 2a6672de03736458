import { Inject, Injectable } from '@nestjs/common';
import type { mongo } from 'mongoose';
import { DURABLE_DB } from '../database/durable-connection';
import type { Tally } from '../otp/relay/read-model/tally';
import type { Conversions } from './conversions/conversions';
import type { GroupName, SummedCount } from './statistics';
import { STATISTICS, type StatisticsDocument } from './statistics.schema';

export interface StatisticsQuery {
  /** Absent: all applications. */
  readonly applicationId?: string;
  /** First hour. */
  readonly from: Date;
  /** First hour that does not count any more. */
  readonly to: Date;
  readonly groupBy: readonly GroupName[];
  /** Only rows with these values. */
  readonly where: Partial<Pick<Tally, 'country' | 'gateway' | 'channel' | 'purpose'>>;
}

/** What is asked for in one go must be answered within the 10 s of a call. */
const SUM_TIMEOUT_MS = 8_000;
const DUPLICATE_KEY = 11000;
const durable = { writeConcern: { w: 'majority', j: true } } as const;
const reading = { readConcern: { level: 'majority' }, readPreference: 'primary' } as const;

const expressions: Readonly<Record<GroupName, unknown>> = {
  day: { $dateToString: { date: '$hour', format: '%Y-%m-%d' } },
  application: '$applicationId',
  country: '$rows.country',
  gateway: '$rows.gateway',
  channel: '$rows.channel',
  purpose: '$rows.purpose',
};

/** Owner of the collection `statistics`. */
@Injectable()
export class StatisticsRepository {
  private readonly statistics: mongo.Collection<StatisticsDocument>;

  constructor(@Inject(DURABLE_DB) db: mongo.Db) {
    this.statistics = db.collection<StatisticsDocument>(STATISTICS);
  }

  /** Takes the place of the hour's earlier rows, unless those were counted later. */
  async store(counted: Omit<StatisticsDocument, '_id'>): Promise<void> {
    const { applicationId, hour, version } = counted;
    const filter = { _id: `${applicationId}/${hour.toISOString().slice(0, 13)}`, version: { $lt: version } };
    try {
      await this.statistics.updateOne(filter, { $set: counted }, { upsert: true, ...durable });
    } catch (error) {
      // The hour is there, at this version or a later one.
      if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
    }
  }

  /** Every count of every group. */
  async sum({ applicationId, from, to, groupBy, where }: StatisticsQuery): Promise<SummedCount[]> {
    const rows = Object.fromEntries(Object.entries(where).map(([name, value]) => [`rows.${name}`, value]));
    const group =
      groupBy.length === 0
        ? { $literal: {} }
        : Object.fromEntries(groupBy.map((name) => [name, expressions[name]]));
    const stages = [
      { $match: { hour: { $gte: from, $lt: to }, ...(applicationId !== undefined && { applicationId }) } },
      { $unwind: '$rows' },
      { $match: rows },
      { $project: { group, counts: { $objectToArray: '$rows.counts' } } },
      { $unwind: '$counts' },
      { $group: { _id: { group: '$group', name: '$counts.k' }, count: { $sum: '$counts.v' } } },
      { $project: { _id: 0, group: '$_id.group', name: '$_id.name', count: 1 } },
    ];
    const options = { ...reading, maxTimeMS: SUM_TIMEOUT_MS };
    return this.statistics.aggregate<SummedCount>(stages, options).toArray();
  }

  /** What became of the codes of all applications that were sent in the hours from `from` on. */
  async conversions(from: Date): Promise<Conversions[]> {
    const key = {
      hour: '$hour',
      country: '$rows.country',
      gateway: '$rows.gateway',
      channel: '$rows.channel',
    };
    const stages = [
      { $match: { hour: { $gte: from } } },
      { $unwind: '$rows' },
      { $match: { 'rows.gateway': { $ne: null } } },
      {
        $group: {
          _id: key,
          approved: { $sum: '$rows.counts.approved' },
          expired: { $sum: '$rows.counts.expired' },
        },
      },
      { $replaceWith: { $mergeObjects: ['$_id', { approved: '$approved', expired: '$expired' }] } },
    ];
    return this.statistics.aggregate<Conversions>(stages, reading).toArray();
  }
}
