/**
 * The shape of a slot: the one document per (application, purpose, recipient). `slot.repository.ts` writes
 * it, through the pipelines in this folder; the jobs in `cleanup/` go through that repository too.
 */
import type { mongo } from 'mongoose';
import type { Actor, AuditEventType } from '../../audit/audit-event';
import type { CodeAlphabet } from '../../applications/application';

export type VerificationStatus = 'pending' | 'approved' | 'failed' | 'expired' | 'canceled' | 'superseded';

export type DeliveryState = 'sending' | 'accepted' | 'rejected' | 'unknown';

export interface DeliveryRecord {
  id: string;
  channel: string;
  state: DeliveryState;
  /** When its send was charged: the same instant stands in `sends`. */
  at: Date;
  /** Present while `sending`. `n` counts attempts and fences off an earlier owner. */
  lease?: { owner: string; n: number; until: Date };
  locale: string | null;
  appHash: string | null;
  webOtpDomain: string | null;
  provider: string | null;
  reference: string | null;
  errorCode: string | null;
  attemptedAt: Date | null;
  /** Gateway calls over all attempts; more than one accepted is a duplicate text. */
  attempts: { provider: string; outcome: string; reason: string | null; latencyMs: number }[];
}

/** Policy frozen into a verification. */
export interface FrozenPolicy {
  maxChecks: number;
  ttlMs: number;
  codeLength: number;
  codeAlphabet: CodeAlphabet;
}

/** A verification inside the slot, live or ended. */
export interface VerificationRecord {
  id: string;
  status: VerificationStatus;
  /** Only while pending: HMAC-SHA-256 of the code, 32 bytes. */
  mac?: mongo.Binary;
  /** Only while pending: the code, sealed. */
  sealed?: mongo.Binary;
  /** The key-ring entry that `mac`, `sealed` and `personal` were made with. */
  kid: string;
  policy: FrozenPolicy;
  checksUsed: number;
  createdAt: Date;
  expiresAt: Date;
  endedAt: Date | null;
  country: string | null;
  channel: string;
  /** Masked number, for events. */
  masked: string;
  /** HMAC of the canonical transaction, null without one. */
  transactionDigest: mongo.Binary | null;
  /** Sealed JSON `{to, clientIp?, metadata?, transaction?}`; removed 24 h after the end. */
  personal: mongo.Binary | null;
  deliveries: DeliveryRecord[];
  /** Sends given back so far; at most 3 per verification. */
  refunds: number;
  /** Number of audit events so far: the version of this verification. */
  seq: number;
}

/** What remains of a past verification once the read model has it. */
export interface Tombstone {
  id: string;
  status: VerificationStatus;
  endedAt: Date;
  tombstone: true;
}

/** An audit event waiting in the slot for the drain; the drain adds application, purpose and id. */
export interface PendingEvent {
  type: AuditEventType;
  verificationId: string;
  seq: number;
  at: Date;
  actor: Actor;
  to: string;
  data: Record<string, string | number | boolean | null>;
}

export interface SlotOperation {
  op: string;
  outcome: string;
  at: Date;
}

export interface SlotDocument {
  _id: string;
  applicationId: string;
  purpose: string;
  /** HMAC of (application, recipient) under the index key, for look-ups by number. */
  recipient: string;
  ids: string[];
  current: VerificationRecord;
  past: (VerificationRecord | Tombstone)[];
  /** Consecutive wrong checks over all verifications. */
  failures: number;
  lockedUntil?: Date;
  sends: Date[];
  ops: SlotOperation[];
  pendingAudit: PendingEvent[];
  dueAt?: Date;
  purgeAt?: Date;
}
