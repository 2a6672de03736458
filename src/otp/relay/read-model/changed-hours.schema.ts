import { Schema } from 'mongoose';

/** An hour of one application in which a verification was created that has changed at some time. */
export interface ChangedHourDocument {
  /** Application and hour: see the repository. */
  readonly _id: string;
  readonly applicationId: string;
  /** Its first millisecond, UTC. */
  readonly hour: Date;
  /** Grows with every change: whoever counted the hour knows by it whether that was the last one. */
  readonly version: number;
  /** Since when a change waits to be counted; absent when none does. */
  readonly changedAt?: Date;
  readonly countedAt?: Date;
  /** How long the last count took: expensive hours are counted less often. */
  readonly tookMs?: number;
}

export const CHANGED_HOURS = 'changed_hours';

/** A little longer than the verifications themselves are kept, so that nothing is counted without them. */
const KEPT_SECONDS = 401 * 86_400;

export const changedHoursSchema = new Schema(
  { _id: String },
  { collection: CHANGED_HOURS, strict: false, versionKey: false },
);

/** What waits to be counted, the oldest first. Sparse: an hour that was counted is not in it. */
changedHoursSchema.index({ changedAt: 1 }, { sparse: true });
/** Removal. */
changedHoursSchema.index({ hour: 1 }, { expireAfterSeconds: KEPT_SECONDS });
