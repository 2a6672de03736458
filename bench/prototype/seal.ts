/** Codes as the product keeps them: compared by MAC, sealed for a repeat. One key each, no ring, no rotation. */
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';

const macKey = randomBytes(32);
const sealKey = randomBytes(32);
const indexKey = randomBytes(32);

const IV_BYTES = 12;

/** Length-prefixed fields, so that no two lists of fields give the same input. */
function digest(key: Buffer, fields: readonly string[]): Buffer {
  const mac = createHmac('sha256', key);
  for (const field of fields) mac.update(`${Buffer.byteLength(field)}:${field}`);
  return mac.digest();
}

export function macOfCode(verificationId: string, code: string): Buffer {
  return digest(macKey, ['default', verificationId, '', code]);
}

export function slotKey(to: string): string {
  return digest(indexKey, ['default', 'default', to]).toString('base64url');
}

/** AES-256-GCM as iv ‖ tag ‖ ciphertext; `place` binds the value to its slot, field and verification. */
export function seal(text: string, place: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sealKey, iv).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}
