/**
 * The shape of a slot: the one document per (application, purpose, recipient). `slot.repository.ts` writes
 * it, through the pipelines in this folder; the jobs in `cleanup/` go through that repository too.
 */
import type { mongo } from 'mongoose';
import type { Actor, AuditEventType } from '../../audit/audit-event';
import type { CodeAlphabet } from './policy';
import type { Channel } from '../../common/channel';
import type { Money } from '../../common/money';

export type VerificationStatus = 'pending' | 'approved' | 'failed' | 'expired' | 'canceled' | 'superseded';

/**
 * `sending` → what the gateways said (`accepted`, `rejected`, `unknown`) → what receipts said (`sent`, then
 * `delivered` or `undelivered`, which are final). A state never goes back.
 */
export const deliveryStates = [
  'sending',
  'accepted',
  'rejected',
  'unknown',
  'sent',
  'delivered',
  'undelivered',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** One gateway call of a delivery. */
export interface AttemptRecord {
  provider: string;
  outcome: string;
  reason: string | null;
  latencyMs: number;
  reference: string | null;
  parts: number;
  estimate: Money | null;
  /** Reported at once, or summed from receipts. */
  price: Money | null;
  /** Final parts so far, by the ids that receipts give them; absent until the first receipt about a part. */
  deliveredParts?: string[];
  /** Parts whose price is in `price` already (`*`: all of them); absent until the first receipt with one. */
  pricedParts?: string[];
  /** What receipts said of this call's message; `delivered` and `undelivered` are final. Absent before the first. */
  receipt?: 'accepted' | 'sent' | 'delivered' | 'undelivered';
  /** Known from a receipt alone: what the gateway answered is not written down yet, and may never be. */
  early?: true;
}

export interface DeliveryRecord {
  id: string;
  channel: Channel;
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
  attempts: AttemptRecord[];
  /** When a receipt made the state final; absent before. */
  finalAt?: Date;
  /** A result that came after a receipt, until it is joined with that. */
  answered?: object;
  /** Gateways that this delivery must not use: they failed with the same code before. Absent: all may be used. */
  exclude?: string[];
}

/** One step of the way by which a code reaches a person: a channel, and how long it has until the next one. */
export interface ChannelStep {
  channel: Channel;
  waitMs: number;
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
  channel: Channel;
  /** Channels in order, when there is more than one; `step` is the index of the last one used. */
  plan?: { steps: ChannelStep[]; step: number };
  /** When somebody has to look whether the next gateway or channel is to be tried; absent: nobody. */
  followAt?: Date;
  /** The undelivered delivery that made `followAt` due; absent when a wait ran out. */
  followUp?: { deliveryId: string };
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
  /** Changes that left no audit event (a state on the way, a price): the version within `seq`. Absent: none. */
  rev?: number;
  /** The latest of those changes is not in the read model yet. */
  uncopied?: true;
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
