import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { randomBytes } from '../common/random-bytes';
import { mac } from './derive';
import { joinFields } from './fields';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** Where a sealed value belongs. It opens nowhere else: nobody with access to the database can swap two values. */
export interface SealBinding {
  readonly slotId: string;
  /** `code`, `personal`, `sandbox`, … */
  readonly field: string;
  readonly verificationId: string;
}

/** A sealed value that was altered, belongs elsewhere, or was made with another key. Says no more than that. */
export class SealError extends Error {
  constructor() {
    super('a sealed value does not open');
    this.name = 'SealError';
  }
}

/**
 * AES-256-GCM; the result is version ‖ nonce ‖ tag ‖ ciphertext. Random 96-bit nonces are good for 2^32 messages
 * per key (NIST SP 800-38D §8.3), so every verification and field has a key of its own, which seals a few values.
 */
export function seal(key: KeyObject, binding: SealBinding, plain: Uint8Array | string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', subkey(key, binding), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData(binding));
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  const last = cipher.final();
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body, last]);
}

/** The clear value. Throws `SealError`. */
export function open(key: KeyObject, binding: SealBinding, sealed: Uint8Array): Buffer {
  if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) throw new SealError();
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', subkey(key, binding), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(binding));
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]);
  } catch {
    throw new SealError();
  }
}

function subkey(key: KeyObject, { verificationId, field }: SealBinding): Buffer {
  return mac(key, [verificationId, field]);
}

function additionalData({ slotId, field, verificationId }: SealBinding): Buffer {
  return joinFields([slotId, field, verificationId]);
}
