import { z } from 'zod';
import { text } from '../../common/zod-text';
import { scopes, type Scope } from '../application';
import { canonicalRange } from './allowed-ips';
import type { ApiKey } from './api-key';

const allowedIp = z
  .string()
  .max(64)
  .transform((range, context) => {
    const canonical = canonicalRange(range);
    if (canonical !== null) return canonical;
    context.addIssue({
      code: 'custom',
      message: 'Must be an IP address or a CIDR range, such as 192.0.2.0/24.',
    });
    return z.NEVER;
  });

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
    .transform((values): Scope[] => [...new Set(values)])
    .default(['verifications:write', 'verifications:read']),
  expiresAt: inFuture.nullish(),
  allowedIps: z.array(allowedIp).max(100).default([]),
});
export type CreateKeyBody = z.output<typeof createKeyBody>;

/** A key as the admin API lists it: without its secret, which nobody has any more. */
export interface ApiKeyAnswer {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** Empty: it may be used from everywhere. */
  readonly allowedIps: readonly string[];
  readonly revokedAt: string | null;
}

/** The answer to the call that made the key: the only one that carries it. */
export interface NewApiKeyAnswer extends ApiKeyAnswer {
  readonly key: string;
}

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
