/** Ids that find their slot, and the MACs and seals of a code, made as the product makes them. One key each. */
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { randomBytes } from '../../src/common/random-bytes';
import { mac } from '../../src/keys/derive';
import { seal } from '../../src/keys/seal';

const slotKey = createSecretKey(randomBytes(32));
const codeKey = createSecretKey(randomBytes(32));
const sealKey = createSecretKey(randomBytes(32));
const idKey = Buffer.from(randomBytes(16));

const SLOT_BYTES = 10;
const RANDOM_BYTES = 6;

export const newId = (): string => randomBytes(16).toString('base64url');

export const slotIdOf = (to: string): string =>
  mac(slotKey, ['default', 'default', to]).subarray(0, SLOT_BYTES).toString('hex');

export const macOfCode = (verificationId: string, code: string): Buffer =>
  mac(codeKey, ['default', verificationId, null, code]);

export const sealFor = (slotId: string, verificationId: string, field: string, text: string): Buffer =>
  seal(sealKey, { slotId, field, verificationId }, text);

/** One AES block: 80 bits of the slot, 48 random ones. */
export function verificationIdFor(slotId: string): string {
  const cipher = createCipheriv('aes-128-ecb', idKey, null).setAutoPadding(false);
  return cipher
    .update(Buffer.concat([Buffer.from(slotId, 'hex'), randomBytes(RANDOM_BYTES)]))
    .toString('hex');
}

export function slotIdIn(verificationId: string): string {
  const decipher = createDecipheriv('aes-128-ecb', idKey, null).setAutoPadding(false);
  return decipher.update(verificationId, 'hex').subarray(0, SLOT_BYTES).toString('hex');
}
