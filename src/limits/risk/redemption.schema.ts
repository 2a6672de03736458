import { Schema } from 'mongoose';

export const RISK_REDEMPTIONS = 'risk_redemptions';

/** Longer than any challenge lives (at most 30 minutes), with room for clocks that differ. */
const FORGOTTEN_AFTER_SECONDS = 2 * 3600;

/** A challenge that was answered. Written when one is, and never else. */
export interface Redemption {
  readonly _id: string;
  /** By the database's clock. */
  readonly at: Date;
}

export const redemptionSchema = new Schema<Redemption>(
  { _id: String, at: Date },
  { collection: RISK_REDEMPTIONS, versionKey: false },
);

/** Garbage collection. No answer hangs on it: a challenge carries its own end. */
redemptionSchema.index({ at: 1 }, { expireAfterSeconds: FORGOTTEN_AFTER_SECONDS });
