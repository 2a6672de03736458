export const auditEventTypes = [
  'created',
  'joined',
  'superseded',
  'sent',
  'send_failed',
  'check_failed',
  'approved',
  'failed',
  'expired',
  'canceled',
  'locked',
  'unlocked',
  'key_created',
  'key_revoked',
  'settings_changed',
  'access_denied',
] as const;
export type AuditEventType = (typeof auditEventTypes)[number];

/** Who caused an event: an API key, the admin key, or a job of the server. */
export type Actor = `key:${string}` | 'admin' | `job:${string}` | 'anonymous';

/**
 * What happened, once and for all. Holds no code, no key, no clear personal data: `to` is masked, and what
 * `data` carries is vocabulary (reasons, counts, gateway names), never a client's words.
 */
export interface AuditEvent {
  /** `<verificationId>.<seq, 6 digits>` for events of a verification, a random id otherwise: the same event has the same id however often it is written. */
  readonly id: string;
  readonly type: AuditEventType;
  readonly applicationId: string | null;
  readonly verificationId: string | null;
  /** 1..n without gaps within a verification; null outside. */
  readonly seq: number | null;
  readonly at: Date;
  readonly actor: Actor;
  readonly purpose: string | null;
  /** Masked, e.g. `+34*******56`. */
  readonly to: string | null;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}
