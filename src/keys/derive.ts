import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { RingEntry } from './secrets';
import { joinFields, type Field } from './fields';

/** What `KeyRing.digest` is used for; each has a key of its own. */
export type DigestLabel =
  | 'transaction'
  | 'caller-digest'
  | 'device'
  | 'idempotency-key'
  | 'idempotency-fingerprint'
  | 'receipt-url'
  | 'limit'
  | 'block'
  | 'challenge'
  | 'hosted'
  | 'hosted-result';

/** Keys that never rotate. */
export interface IndexKeys {
  readonly slot: KeyObject;
  readonly recipient: KeyObject;
  /** AES-128: turns verification ids into slots and back. */
  readonly verificationId: KeyObject;
  readonly digests: Readonly<Record<DigestLabel, KeyObject>>;
  /** Tells one index key from another, and nothing else about it. */
  readonly fingerprint: string;
}

/** Keys of one ring entry. */
export interface RingKeys {
  readonly kid: string;
  readonly signFrom: number;
  readonly code: KeyObject;
  readonly seal: KeyObject;
}

/** HKDF-SHA-256 (RFC 5869), one label per use, so that no two uses ever share a key. */
function derive(master: Buffer, label: string, bytes = 32): KeyObject {
  const derived = Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `sixdigit/v1/${label}`, bytes));
  return createSecretKey(derived);
}

export function deriveIndexKeys(index: Buffer): IndexKeys {
  return {
    slot: derive(index, 'slot'),
    recipient: derive(index, 'recipient'),
    verificationId: derive(index, 'verification-id', 16),
    digests: {
      transaction: derive(index, 'digest/transaction'),
      'caller-digest': derive(index, 'digest/caller-digest'),
      device: derive(index, 'digest/device'),
      'idempotency-key': derive(index, 'digest/idempotency-key'),
      'idempotency-fingerprint': derive(index, 'digest/idempotency-fingerprint'),
      'receipt-url': derive(index, 'digest/receipt-url'),
      limit: derive(index, 'digest/limit'),
      block: derive(index, 'digest/block'),
      challenge: derive(index, 'digest/challenge'),
      hosted: derive(index, 'digest/hosted'),
      'hosted-result': derive(index, 'digest/hosted-result'),
    },
    fingerprint: derive(index, 'fingerprint').export().toString('base64url'),
  };
}

export function deriveRingKeys({ kid, key, signFrom }: RingEntry): RingKeys {
  return { kid, signFrom, code: derive(key, 'code'), seal: derive(key, 'seal') };
}

/** HMAC-SHA-256 over length-prefixed fields: 32 bytes. */
export function mac(key: KeyObject, fields: readonly Field[]): Buffer {
  return createHmac('sha256', key).update(joinFields(fields)).digest();
}
