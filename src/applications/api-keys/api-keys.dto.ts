import { z } from 'zod';
import { text } from '../../common/zod-text';
import { canonicalRange } from '../../access/credentials/allowed-ips';
import { scopes } from '../../access/principal';
import type { ApiKey } from './api-key';

const allowedIp = z
  .string()
  .max(64)
  .refine(
    (range) => canonicalRange(range) !== null,
    'Must be an IP address or a CIDR range, such as 192.0.2.0/24.',
  )
  .overwrite((range) => canonicalRange(range) ?? range);

const inFuture = z.iso
  .datetime({ offset: true })
  .transform((time) => new Date(time))
  .refine((time) => time.getTime() > Date.now(), 'Must be in the future.');

export const createKeyBody = z.strictObject({
  name: text({ max: 100 }).default('API key'),
  /** Without it, a key can do the two things every application needs, and nothing else. */
  scopes: z
    .array(z.enum(scopes))
    .min(1)
    .overwrite((values) => [...new Set(values)])
    .default(['verifications:write', 'verifications:read']),
  expiresAt: inFuture.nullish(),
  allowedIps: z.array(allowedIp).max(100).default([]),
});
export type CreateKeyBody = z.output<typeof createKeyBody>;

const apiKeyFields = {
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(scopes)).readonly(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable().describe('Null: it does not end by itself'),
  allowedIps: z.array(z.string()).readonly().describe('Empty: it may be used from everywhere'),
  revokedAt: z.iso.datetime().nullable(),
};

/** A key as the admin API lists it: without its secret, which nobody has any more. */
export const apiKeyResponse = z.strictObject(apiKeyFields).meta({ id: 'ApiKey' });
export type ApiKeyAnswer = z.infer<typeof apiKeyResponse>;

export const apiKeyListResponse = z
  .strictObject({ data: z.array(apiKeyResponse).readonly(), nextCursor: z.string().nullable() })
  .meta({ id: 'ApiKeyList' });

/** The answer to the call that made the key: the only one that carries it. */
export const newApiKeyResponse = z
  .strictObject({ ...apiKeyFields, key: z.string().describe('The key itself; it is shown this once') })
  .meta({ id: 'NewApiKey' });
export type NewApiKeyAnswer = z.infer<typeof newApiKeyResponse>;

export function toApiKeyAnswer(key: ApiKey): ApiKeyAnswer {
  return {
    id: key.id,
    name: key.name,
    scopes: key.scopes,
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    allowedIps: key.allowedIps,
    revokedAt: key.revokedAt?.toISOString() ?? null,
  };
}
