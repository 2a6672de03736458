import { Schema } from 'mongoose';

export const LIMIT_LOG = 'limit_log';

/** Fields are documented in `limit-log.repository.ts`. mongoose knows this collection for its index only. */
export const limitLogSchema = new Schema(
  { _id: Number },
  { collection: LIMIT_LOG, strict: false, versionKey: false },
);

/** Set when a page is full, to when nothing in it can count any more. */
limitLogSchema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });
