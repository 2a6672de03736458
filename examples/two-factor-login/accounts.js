import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

/** Yours are in a database. A number belongs to its account before anything is sent, and never comes from a form. */
const accounts = new Map([
  ['ana', account('+12015550123', 'a long password of ana')],
  ['ben', account('+12015550124', 'a long password of ben')],
]);
/** So that an unknown name takes as long as a known one. */
const nobody = account('', randomBytes(16).toString('hex'));

function account(phone, password) {
  const salt = randomBytes(16);
  return { phone, salt, hash: scryptSync(password, salt, 32) };
}

export const phoneOf = (name) => accounts.get(name).phone;

/** The first factor. */
export function knowsPassword(name, password) {
  const { salt, hash } = accounts.get(name) ?? nobody;
  return timingSafeEqual(hash, scryptSync(password, salt, 32)) && accounts.has(name);
}
