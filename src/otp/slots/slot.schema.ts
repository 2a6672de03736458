import { Schema } from 'mongoose';
import { COMMON_COLLECTION } from '../../database/common-collection';

export const SLOTS = COMMON_COLLECTION;

/** Fields are documented in `slot.ts`. mongoose knows this collection for its indexes only. */
export const slotSchema = new Schema(
  { _id: String },
  { collection: SLOTS, strict: false, versionKey: false },
);

/** All jobs: slots with work due, oldest first. Sparse: a slot at rest is not in it. */
slotSchema.index({ dueAt: 1 }, { sparse: true });
/** Garbage collection 30 days after the last activity; written by the relay when nothing waits. The log of limits uses it too. */
slotSchema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });
