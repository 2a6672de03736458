import { fields, table } from '../terminal/table';
import type { NewKeyOptions } from './keys';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

export interface NewApiKey extends ApiKey {
  readonly key: string;
}

/** What the API takes; what is not given has its defaults there. */
export function keyBody({ name, scopes, allowedIps, expires }: NewKeyOptions): Record<string, unknown> {
  return { name, scopes, allowedIps, expiresAt: expires };
}

export function keysTable(keys: readonly ApiKey[], now: number): string {
  const rows = keys.map((key) => [key.id, key.name, stateOf(key, now), key.createdAt, key.scopes.join(',')]);
  return table(['ID', 'NAME', 'STATE', 'CREATED', 'SCOPES'], rows);
}

export function newKeyWords({ id, name, scopes, expiresAt, key }: NewApiKey): string {
  const shown = fields({ id, name, scopes: scopes.join(','), expires: expiresAt ?? undefined, key });
  return `${shown}\n\nKeep the key now: it is not shown again.`;
}

function stateOf({ revokedAt, expiresAt }: ApiKey, now: number): string {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : 'active';
}
