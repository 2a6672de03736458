import { Schema } from 'mongoose';

export const HOSTED_VERIFICATIONS = 'hosted_verifications';

/** Fields are documented in `process.ts`. mongoose knows this collection for its indexes and its connection. */
export const processSchema = new Schema(
  { _id: String },
  { collection: HOSTED_VERIFICATIONS, strict: false, versionKey: false },
);

/** How links and sessions find their process. */
processSchema.index({ token: 1 }, { unique: true });
/** Garbage collection, a day after the end. No answer hangs on it: a process carries its own end. */
processSchema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });
