import { alphabets, type CodeAlphabet } from '../../policy/policy';
import type { Random } from '../../../common/random';
import { Secret } from '../../../common/secret';
import { withAsciiDigits, withoutUnseen } from '../../../common/written-digits';

/** How long an entered code may be before anything is removed; longer input is not worth looking at. */
export const MAX_CODE_INPUT = 64;
/** What a caller can do about input that is none. */
export const CODE_REMEDY =
  'Give 4 to 10 letters or digits; spaces, hyphens and what cannot be seen do not count.';
/** Hyphens and the dashes that keyboards turn them into. */
const dashes = /[\p{Pd}\u2212]/gu;
/** Keyboards of East Asia. No other letters: compatibility forms would make letters of ligatures (`ﬁ`) and numerals. */
const fullWidthLetters = /[\uff21-\uff3a\uff41-\uff5a]/g;
const codeShape = /^[0-9A-Za-z]{4,10}$/;

/** A new code. Each character is drawn by itself, so leading zeros are as likely as anything else. */
export function generateCode(random: Random, form: { length: number; alphabet: CodeAlphabet }): Secret {
  const alphabet: string = alphabets[form.alphabet];
  const characters = Array.from({ length: form.length }, () => alphabet.charAt(random.int(alphabet.length)));
  return new Secret(characters.join(''));
}

/**
 * What a person typed or copied, in the one form that is compared: ASCII digits and capitals. Whatever stands in or
 * around it without being seen, and hyphens, are removed; digits of any script and full-width letters are read as
 * what they are. Null when what is left is not 4–10 ASCII letters or digits: such input is no guess and is not charged.
 */
export function normaliseCode(input: string): string | null {
  if (input.length > MAX_CODE_INPUT) return null;
  const bare = withoutUnseen(input).replace(dashes, '');
  const code = withAsciiDigits(bare).replace(fullWidthLetters, (letter) => letter.normalize('NFKC'));
  // Tested before upper-casing: that would turn foreign letters into ASCII (`ı` into I, the ligature `ﬁ` into FI).
  return codeShape.test(code) ? code.toUpperCase() : null;
}
