import { Schema } from 'mongoose';
import type { Scope } from '../../access/principal';
import type { ApiKey } from './api-key';

export interface ApiKeyDocument {
  readonly _id: string;
  readonly applicationId: string;
  readonly name: string;
  readonly scopes: Scope[];
  readonly digest: string;
  readonly expiresAt: Date | null;
  readonly allowedIps: string[];
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** Name under which the model is registered. */
export const API_KEYS = 'ApiKey';

export const apiKeySchema = new Schema<ApiKeyDocument>(
  {
    _id: { type: String, required: true },
    applicationId: { type: String, required: true },
    name: { type: String, required: true },
    scopes: { type: [String], required: true },
    digest: { type: String, required: true },
    expiresAt: { type: Date, default: null },
    allowedIps: { type: [String], required: true },
    createdAt: { type: Date, required: true },
    revokedAt: { type: Date, default: null },
  },
  { collection: 'api_keys', versionKey: false, minimize: false },
);

// Authentication: a key is found by the digest of what the client sent.
apiKeySchema.index({ digest: 1 }, { unique: true });
// GET /v1/applications/{id}/keys: newest first.
apiKeySchema.index({ applicationId: 1, createdAt: -1, _id: -1 });

export function toApiKey({ _id, ...fields }: ApiKeyDocument): ApiKey {
  return {
    id: _id,
    applicationId: fields.applicationId,
    name: fields.name,
    scopes: fields.scopes,
    digest: fields.digest,
    expiresAt: fields.expiresAt,
    allowedIps: fields.allowedIps,
    createdAt: fields.createdAt,
    revokedAt: fields.revokedAt,
  };
}

export function toApiKeyDocument({ id, ...fields }: ApiKey): ApiKeyDocument {
  return { _id: id, ...fields, scopes: [...fields.scopes], allowedIps: [...fields.allowedIps] };
}
