import { Schema, type mongo } from 'mongoose';

export interface LogoDocument {
  /** Application and hash: see `logoId`. */
  readonly _id: string;
  readonly applicationId: string;
  readonly png: mongo.Binary;
  /** When nobody shows it any more; null for the one in use. */
  readonly purgeAt: Date | null;
}

/** Name under which the model is registered. */
export const LOGOS = 'Logo';

export const logoSchema = new Schema<LogoDocument>(
  {
    _id: { type: String, required: true },
    applicationId: { type: String, required: true },
    png: { type: Schema.Types.Buffer, required: true },
    purgeAt: { type: Date, default: null },
  },
  { collection: 'logos', versionKey: false },
);

// LogosRepository.retire: those of an application, at most a few.
logoSchema.index({ applicationId: 1 });
// Removal of those that were replaced.
logoSchema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

export const logoId = (applicationId: string, hash: string): string => `${applicationId}/${hash}`;
