import { Schema } from 'mongoose';
import type { Application, ApplicationSettings } from './application';

export interface ApplicationDocument {
  readonly _id: string;
  readonly name: string;
  readonly settings: ApplicationSettings;
  readonly purposes: string[];
  readonly logo?: string;
  readonly createdAt: Date;
}

/** Name under which the model is registered. */
export const APPLICATIONS = 'Application';

export const applicationSchema = new Schema<ApplicationDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    settings: { type: Schema.Types.Mixed, required: true },
    purposes: { type: [String], required: true },
    logo: { type: String },
    createdAt: { type: Date, required: true },
  },
  { collection: 'applications', versionKey: false, minimize: false },
);

// GET /v1/applications: newest first.
applicationSchema.index({ createdAt: -1, _id: -1 });

export function toApplication({
  _id,
  name,
  settings,
  purposes,
  logo,
  createdAt,
}: ApplicationDocument): Application {
  return { id: _id, name, settings, purposes, ...(logo !== undefined && { logo }), createdAt };
}
