import { randomInt } from 'node:crypto';

/** Where codes come from. In production nothing but `systemRandom`. */
export interface Random {
  /** A whole number from 0 up to, not including, `max`; every one equally likely. */
  int(max: number): number;
}

/** Injection token of the same name as the port. */
export const Random = Symbol('Random');

/** The operating system's generator without modulo bias (NIST SP 800-63B-4 §3.1.3.2: an approved random bit generator). */
export const systemRandom: Random = { int: (max) => randomInt(max) };
