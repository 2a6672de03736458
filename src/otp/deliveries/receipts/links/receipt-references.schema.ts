import { Schema } from 'mongoose';

export const RECEIPT_REFERENCES = 'receipt_references';

/** By which of a vendor's ids a delivery will be reported on. */
export interface ReceiptReferenceDocument {
  /** `gateway:reference`. */
  readonly _id: string;
  readonly verificationId: string;
  readonly deliveryId: string;
  readonly expiresAt: Date;
}

/** mongoose knows this collection for its index only. */
export const receiptReferencesSchema = new Schema(
  { _id: String },
  { collection: RECEIPT_REFERENCES, strict: false, versionKey: false },
);

/** Garbage collection; nothing depends on when it happens. */
receiptReferencesSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
