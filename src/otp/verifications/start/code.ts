import type { CodeAlphabet } from '../../slots/policy';
import type { Random } from '../../../common/random';
import { Secret } from '../../../common/secret';

/**
 * Digits, or capitals and digits that nobody confuses when reading or hearing them: without 0/O, 1/I/L, S/5,
 * Z/2 and B/8 (the digit of each of the last three pairs stays), and without vowels and Y, so that no code
 * spells a word. 24 characters: six of them are 1.9·10^8 codes.
 */
const alphabets: Record<CodeAlphabet, string> = {
  numeric: '0123456789',
  alphanumeric: '23456789CDFGHJKMNPQRTVWX',
};

/** How long an entered code may be before spaces are removed; longer input is not worth looking at. */
const MAX_INPUT = 64;
/** Every Unicode space (no-break and thin ones too), hyphens and the dashes that keyboards turn them into. */
const SEPARATORS = /[\p{Zs}\u002d\u2010-\u2015]/gu;
const CODE = /^[0-9A-Za-z]{4,10}$/;

/** A new code. Each character is drawn by itself, so leading zeros are as likely as anything else. */
export function generateCode(random: Random, form: { length: number; alphabet: CodeAlphabet }): Secret {
  const alphabet = alphabets[form.alphabet];
  const characters = Array.from({ length: form.length }, () => alphabet.charAt(random.int(alphabet.length)));
  return new Secret(characters.join(''));
}

/**
 * What a person typed, in the one form that is compared: spaces and hyphens removed, letters upper-cased. Null
 * when what is left is not 4–10 ASCII letters or digits: such input is no guess and is not charged.
 */
export function normaliseCode(input: string): string | null {
  if (input.length > MAX_INPUT) return null;
  const code = input.replace(SEPARATORS, '');
  // Tested before upper-casing: that would turn foreign letters into ASCII (`ı` into I, the ligature `ﬁ` into FI).
  return CODE.test(code) ? code.toUpperCase() : null;
}
