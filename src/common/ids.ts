import { randomBytes } from './random-bytes';

const ID_BYTES = 16;

/** A new identifier: 128 random bits as 22 base64url characters (OWASP ASVS 5.0 §11.5.1 asks for at least 128). */
export function newId(): string {
  return randomBytes(ID_BYTES).toString('base64url');
}
