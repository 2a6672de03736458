import { Schema } from 'mongoose';

export const IDEMPOTENCY_RECORDS = 'idempotency_records';

/** The job deletes what is over; an hour later, if it does not run, the database does. */
const GARBAGE_AFTER_SECONDS = 3600;

/** Fields are documented in `idempotency.ts`. mongoose knows this collection for its index and its connection. */
export const idempotencySchema = new Schema(
  { _id: String },
  { collection: IDEMPOTENCY_RECORDS, strict: false, versionKey: false },
);

/** The clean-up job, oldest first; and garbage collection. */
idempotencySchema.index({ expiresAt: 1 }, { expireAfterSeconds: GARBAGE_AFTER_SECONDS });
