export const scopes = [
  'verifications:write',
  'verifications:read',
  'recipients:unlock',
  'audit:read',
  'sandbox:read',
  'messages:preview',
  'statistics:read',
  'limits:write',
  'hosted:write',
] as const;
/** What an API key may do. */
export type Scope = (typeof scopes)[number];

/** Who causes something: an API key, the admin key, a job of the server, or a caller whom nobody knows. */
export type Actor = `key:${string}` | 'admin' | `job:${string}` | 'anonymous';

/** Who makes a call: set on the request by the guard, handed to services as a value. */
export interface Principal {
  readonly applicationId: string;
  readonly keyId: string;
  readonly scopes: readonly Scope[];
  /** The key, as events name it. */
  readonly actor: Actor;
}
