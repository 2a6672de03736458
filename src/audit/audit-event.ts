import type { Actor } from '../access/principal';

/**
 * Never renamed. Those that are easily taken for one another:
 * - `joined`: a create met a pending verification and was answered with it, whether it sent the code again or not.
 * - `resent`: the code was asked for once more by `POST …/sends`.
 * - `failed_over`: the server itself went on to another gateway or channel, because the one before failed or the code
 *   was not typed in time.
 */
export const auditEventTypes = [
  'created',
  'joined',
  'resent',
  'failed_over',
  'superseded',
  'sent',
  'send_failed',
  'delivered',
  'undelivered',
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
  'test_sent',
  'recipient_attacked',
  'wrong_guesses',
  'block_added',
  'block_removed',
  'access_denied',
  'budget_warning',
  'shadow_refused',
  'prefix_blocked',
  'prefix_released',
  'hosted_created',
  'hosted_approved',
  'hosted_redeemed',
  'hosted_canceled',
] as const;
export type AuditEventType = (typeof auditEventTypes)[number];

/** How the log is read: by position, from its new or its old end. */
export const auditOrders = ['newest', 'oldest'] as const;
export type AuditOrder = (typeof auditOrders)[number];

/**
 * What happened, once and for all. Holds no code, no key, no clear personal data: `to` is masked, and what
 * `data` carries is vocabulary (reasons, counts, gateway names), never a client's words.
 */
export interface AuditEvent {
  /**
   * See {@link verificationEventId} for events of a verification; a random id otherwise. The same event has
   * the same id however often it is written.
   */
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

const SEQ_DIGITS = 6;

/** `<verificationId>.<seq, 6 digits>`: sorts by seq, and one range over ids lists one verification. */
export function verificationEventId(verificationId: string, seq: number): string {
  return `${verificationId}.${String(seq).padStart(SEQ_DIGITS, '0')}`;
}

/**
 * A call about a verification that was refused. It changed nothing, so it has no seq; its id still starts
 * like those of the verification, so that the same range lists it.
 */
export function refusalEventId(verificationId: string | null, random: string): string {
  return verificationId === null ? random : `${verificationId}.r${random}`;
}

/** All ids of one verification's events: from (inclusive), to (exclusive). `/` follows `.` in ASCII. */
export function eventIdRange(verificationId: string): { from: string; to: string } {
  return { from: `${verificationId}.`, to: `${verificationId}/` };
}
