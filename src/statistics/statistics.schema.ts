import { Schema } from 'mongoose';
import type { Tally } from '../otp/relay/read-model/tally';

/** What the verifications of one application that were created in one hour came to. */
export interface StatisticsDocument {
  /** Application and hour. */
  readonly _id: string;
  readonly applicationId: string;
  /** Its first millisecond, UTC. */
  readonly hour: Date;
  /** The version of the hour that was counted: an older count never replaces a newer one. */
  readonly version: number;
  /** One per country, gateway, channel and purpose: some kilobytes, 16 MB only beyond 20,000 of them in an hour. */
  readonly rows: readonly Tally[];
}

export const STATISTICS = 'statistics';

/** Two years, so that a year can be compared with the one before. They hold nothing about persons. */
const KEPT_SECONDS = 800 * 86_400;

export const statisticsSchema = new Schema(
  { _id: String },
  { collection: STATISTICS, strict: false, versionKey: false },
);

/** GET /v1/statistics of one application. */
statisticsSchema.index({ applicationId: 1, hour: 1 });
/** GET /v1/statistics over all applications, what breakers learn from conversions, and removal. */
statisticsSchema.index({ hour: 1 }, { expireAfterSeconds: KEPT_SECONDS });
