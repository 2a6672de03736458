import { Schema, type mongo } from 'mongoose';

/** One text in the sandbox inbox. Number, text and code are inside `sealed`. */
export interface SandboxDocument {
  _id: string;
  applicationId: string;
  /** HMAC of (application, number), for look-ups by number. */
  recipient: string;
  /** The key-ring entry that `sealed` was made with. */
  kid: string;
  sealed: mongo.Binary;
  createdAt: Date;
  expiresAt: Date;
}

export const SANDBOX_MESSAGES = 'sandbox_messages';

/** mongoose knows this collection for its indexes only. */
export const sandboxSchema = new Schema(
  { _id: String },
  { collection: SANDBOX_MESSAGES, strict: false, versionKey: false },
);

/** GET /v1/sandbox/messages without `to`. */
sandboxSchema.index({ applicationId: 1, createdAt: -1, _id: -1 });
/** GET /v1/sandbox/messages?to=… */
sandboxSchema.index({ recipient: 1, createdAt: -1, _id: -1 });
/** Removes them after their hour; also serves the clean-up job. */
sandboxSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
