/**
 * Verification ids find their slot. An id is one AES-128 block: 80 bits of the slot's `_id` and 48 random bits,
 * encrypted under a key of its own. To everybody else it is 128 unguessable bits; to us it names the one document
 * that a call has to touch, so that no index on ids and no look-up is needed. It authenticates nothing: a forged id
 * decrypts to a slot that does not exist, and the slot must list the id.
 */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { randomBytes } from '../common/random-bytes';

/** A slot by its `_id` (80 bits: 14 base64url characters) and by the whole HMAC that this is the start of (43). */
export interface SlotName {
  readonly _id: string;
  readonly key: string;
}

const SLOT_BYTES = 10;
const RANDOM_BYTES = 6;
const ID = /^[A-Za-z0-9_-]{22}$/;
const CIPHER = 'aes-128-ecb';

/** @param mac 32 bytes */
export function slotNameOf(mac: Buffer): SlotName {
  return { _id: mac.toString('base64url', 0, SLOT_BYTES), key: mac.toString('base64url') };
}

/**
 * One block is its own mode here: no two ids have the same block but by chance of 2^-48, and nothing is chained. So one
 * cipher serves all calls; making one costs more than using it.
 */
export class VerificationIds {
  private readonly cipher;
  private readonly decipher;

  constructor(key: KeyObject) {
    this.cipher = createCipheriv(CIPHER, key, null).setAutoPadding(false);
    this.decipher = createDecipheriv(CIPHER, key, null).setAutoPadding(false);
  }

  /** 22 base64url characters. */
  create(slotId: string): string {
    const block = Buffer.concat([Buffer.from(slotId, 'base64url'), randomBytes(RANDOM_BYTES)]);
    return this.cipher.update(block).toString('base64url');
  }

  /** The `_id` of the slot; null when the text has not the form of an id. */
  slotOf(verificationId: string): string | null {
    if (!ID.test(verificationId)) return null;
    const block = this.decipher.update(Buffer.from(verificationId, 'base64url'));
    return block.toString('base64url', 0, SLOT_BYTES);
  }
}
