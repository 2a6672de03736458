/**
 * The shape of a slot: the one document per (application, purpose, recipient). The rules beside this file make a
 * new one of it; `slot.repository.ts` writes what changed.
 */
import type { Actor } from '../../access/principal';
import type { AuditEventType } from '../../audit/audit-event';
import type { Channel } from '../../common/channel';
import type { Money } from '../../common/money';
import type { Charge } from '../../limits/money/payment';
import type { CodeAlphabet, LockRules } from '../policy/policy';

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

/** One gateway call of a delivery; or, with the outcome `skipped`, a gateway that was not called. */
export interface AttemptRecord {
  readonly provider: string;
  readonly outcome: string;
  readonly reason: string | null;
  /** The vendor's own code for a refusal or failure. */
  readonly vendorCode: string | null;
  readonly latencyMs: number;
  readonly reference: string | null;
  readonly parts: number;
  readonly estimate: Money | null;
  /** Reported at once, or summed from receipts. */
  readonly price: Money | null;
  /** Final parts so far, by the ids that receipts give them; absent until the first receipt about a part. */
  readonly deliveredParts?: readonly string[];
  /** Parts whose price is in `price` already (`*`: all of them); absent until the first receipt with one. */
  readonly pricedParts?: readonly string[];
  /** What receipts said of this call's message; `delivered` and `undelivered` are final. Absent before the first. */
  readonly receipt?: 'accepted' | 'sent' | 'delivered' | 'undelivered';
  /** What budgets were charged for it. Absent: there are none, or nothing is owed. */
  readonly charge?: Charge;
  /** Known from a receipt alone: what the gateway answered is not written down yet, and may never be. */
  readonly early?: true;
}

/** Who may attempt a delivery, until when. `n` counts the owners; with `owner` it fences off an earlier one. */
export interface Lease {
  readonly owner: string;
  readonly n: number;
  readonly until: Date;
  /** How many of the delivery's attempts its owner has written down already; absent: none. */
  readonly noted?: number;
  /** The owner let go of it before it called any gateway. */
  readonly unused?: true;
}

export interface DeliveryRecord {
  readonly id: string;
  readonly channel: Channel;
  readonly state: DeliveryState;
  /** When its send was charged: the same instant stands in `sends`. */
  readonly at: Date;
  /** Present until the result of the gateways is written down. */
  readonly lease?: Lease;
  readonly locale: string | null;
  readonly appHash: string | null;
  readonly webOtpDomain: string | null;
  readonly provider: string | null;
  readonly reference: string | null;
  readonly errorCode: string | null;
  readonly attemptedAt: Date | null;
  /** Gateway calls over all owners; more than one accepted is a duplicate text. */
  readonly attempts: readonly AttemptRecord[];
  /** When a receipt made the state final; absent before. */
  readonly finalAt?: Date;
  /** Owners that may have called a gateway and did not live to write down what it said. Absent: none. */
  readonly lostCalls?: number;
  /** Gateway calls of the deliveries whose place this one takes. Absent: it takes nobody's place. */
  readonly callsBefore?: number;
  /** Gateways that this delivery must not use: they failed with the same code before. Absent: all may be used. */
  readonly exclude?: readonly string[];
}

/** One step of the way by which a code reaches a person: a channel, and how long it has until the next one. */
export interface ChannelStep {
  readonly channel: Channel;
  readonly waitMs: number;
}

/** How often a code may be sent to a recipient. */
export interface SendRules {
  readonly windowMs: number;
  readonly sendsMax: number;
  readonly cooldownMs: number;
}

/** The policy of a verification, frozen when it starts. Whatever follows (a send, a follow-up, a read) goes by it. */
export interface FrozenPolicy {
  readonly maxChecks: number;
  readonly ttlMs: number;
  readonly codeLength: number;
  readonly codeAlphabet: CodeAlphabet;
  readonly sends: SendRules;
  /** Of a test number: its code is fixed, and no gateway is called. Absent: of a person. */
  readonly test?: true;
  /** Absent: the usual ones. */
  readonly lock?: LockRules;
}

/** A verification inside the slot, live or ended. */
export interface VerificationRecord {
  readonly id: string;
  readonly status: VerificationStatus;
  /** Only while pending: HMAC-SHA-256 of the code, 32 bytes. */
  readonly mac?: Buffer;
  /** Only while pending: the code, sealed. */
  readonly sealed?: Buffer;
  /** The key-ring entry that `mac`, `sealed` and `personal` were made with. */
  readonly kid: string;
  readonly policy: FrozenPolicy;
  readonly checksUsed: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
  readonly country: string | null;
  readonly channel: Channel;
  /** Channels in order, when there is more than one; `step` is the index of the last one used. */
  readonly plan?: { readonly steps: readonly ChannelStep[]; readonly step: number };
  /** When somebody has to look whether the next gateway or channel is to be tried; absent: nobody. */
  readonly followAt?: Date;
  /** The undelivered delivery that made `followAt` due; absent when a wait ran out. */
  readonly followUp?: { readonly deliveryId: string };
  /** Masked number, for events. */
  readonly masked: string;
  /** HMAC of the transaction and the digest that the code is bound to, null without either. */
  readonly transactionDigest: Buffer | null;
  /** Sealed JSON `{to, email?, clientIp?, metadata?, transaction?, digest?}`; removed 24 h after the end. */
  readonly personal: Buffer | null;
  readonly deliveries: readonly DeliveryRecord[];
  /** Started or joined from a device on which a code of this recipient was right before. Absent: not known. */
  readonly knownDevice?: true;
  /** Sends given back so far; at most 3 per verification. */
  readonly refunds: number;
  /** Number of audit events so far: the version of this verification. */
  readonly seq: number;
  /** Changes that left no audit event (a state on the way, a price): the version within `seq`. Absent: none. */
  readonly rev?: number;
  /** When the first of those changes was made that the read model does not have yet. Absent: it has them all. */
  readonly uncopiedAt?: Date;
}

/** What remains of a past verification once the read model has it. */
export interface Tombstone {
  readonly id: string;
  readonly status: VerificationStatus;
  readonly endedAt: Date;
  readonly tombstone: true;
}

export type PastRecord = VerificationRecord | Tombstone;

/** An audit event waiting in the slot for the relay, which adds application, purpose and id. */
export interface SlotEvent {
  readonly type: AuditEventType;
  readonly verificationId: string;
  readonly seq: number;
  readonly at: Date;
  readonly actor: Actor;
  readonly to: string;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}

/** An operation that took effect, remembered so that its repeat changes nothing and hears the same. */
export interface SlotOperation {
  readonly op: string;
  readonly outcome: string;
  readonly at: Date;
  /** What a create came to; absent for everything else. */
  readonly verificationId?: string;
  /** It came with an idempotency key, so it may be asked for as long as the record of that key lives. */
  readonly keyed?: true;
}

export interface Slot {
  /** 80 bits of the HMAC of (application, purpose, recipient): 14 base64url characters. */
  readonly _id: string;
  /** All of that HMAC: tells two slots apart whose `_id` is the same. */
  readonly key: string;
  readonly applicationId: string;
  readonly purpose: string;
  /** HMAC of (application, recipient) under the index key, for look-ups by number. */
  readonly recipient: string;
  /** Version: every write adds one. See `firstVersion` in `commit/statement.ts`. */
  readonly v: number;
  /** Current and past verifications. */
  readonly ids: readonly string[];
  readonly current: VerificationRecord;
  readonly past: readonly PastRecord[];
  /** Consecutive wrong checks over all verifications. */
  readonly failures: number;
  readonly lockedUntil?: Date;
  /** The last devices on which a code was right, as HMACs under the index key; absent: none said which it is. */
  readonly devices?: readonly string[];
  /** Sends that may still count for the window. */
  readonly sends: readonly Date[];
  readonly ops: readonly SlotOperation[];
  readonly outbox: readonly SlotEvent[];
  /** The earliest moment at which a job has work here, by `rules/upkeep/due.ts`; absent: none. */
  readonly dueAt?: Date;
  /** When the database deletes the slot; absent while something waits or the recipient is locked for good. */
  readonly purgeAt?: Date;
}

export function isTombstone(record: PastRecord): record is Tombstone {
  return 'tombstone' in record;
}
