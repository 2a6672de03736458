import { Schema } from 'mongoose';
import type { VerificationSnapshot } from './snapshot';

/** `_id` is the verification's id; `recipient` is absent, not null, once it was removed. */
export interface ReadModelDocument extends Omit<VerificationSnapshot, 'id' | 'recipient'> {
  readonly _id: string;
  readonly recipient?: string;
}

export const VERIFICATIONS = 'verifications';

/** Fields are documented in `snapshot.ts`. mongoose knows this collection for its indexes only. */
export const readModelSchema = new Schema(
  { _id: String },
  { collection: VERIFICATIONS, strict: false, versionKey: false },
);

/** GET /v1/verifications without `to`; status and purpose are looked at on the way. */
readModelSchema.index({ applicationId: 1, createdAt: -1, _id: -1 });
/** GET /v1/verifications?to=…; partial, so that it holds 30 days of entries and not 400. */
readModelSchema.index(
  { recipient: 1, createdAt: -1, _id: -1 },
  { partialFilterExpression: { recipient: { $exists: true } } },
);
/** The clean-up jobs walk over all applications from the oldest: retention, and removal of recipients. */
readModelSchema.index({ createdAt: 1, _id: 1 });
