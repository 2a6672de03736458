/** The blocks of numbers that a number lies in. */

/** Each block is the integer that its digits make; two of the same level never mean different blocks. */
export interface Prefixes {
  /** Without the last three digits: a block of 1,000 numbers. */
  readonly prefix1k: number;
  /** Without the last four: 10,000 numbers. */
  readonly prefix10k: number;
  /** Without the last six: what a regulator gives one operator at a time, a million numbers. */
  readonly operator: number;
}

/** The numbers of small countries are short: calling code and one digit stay, or all of the country were one block. */
const LEAST_DIGITS = 4;

/** The 1k block of a number. The others follow from it, so it is all that the log has to carry. */
export function blockOf(e164: string): number {
  const digits = e164.slice(1);
  return Number(digits.slice(0, Math.max(digits.length - 3, LEAST_DIGITS)));
}

export function prefixesOf(block: number): Prefixes {
  const length = String(block).length;
  return { prefix1k: block, prefix10k: cut(block, length, 1), operator: cut(block, length, 3) };
}

function cut(block: number, length: number, digits: number): number {
  const dropped = Math.max(0, Math.min(digits, length - LEAST_DIGITS));
  return Math.floor(block / 10 ** dropped);
}
