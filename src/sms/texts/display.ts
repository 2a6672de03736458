/** Values from clients on their way into a text. */
import { towardsGsm7 } from '../protocols/gsm7';
import { oneLine } from './visible-text';

export const MAX_BRAND_LENGTH = 40;
/** As many as the API takes: a payee that is cut would not be the one that was confirmed. */
export const MAX_PAYEE_LENGTH = 70;
/** Room for a SHA-256 in hexadecimal: one that is cut would not be the one that was bound. */
export const MAX_SHOWN_DIGEST_LENGTH = 70;
export const MAX_CONTACT_LENGTH = 100;

/**
 * A name that cannot change the rest of the text: one line (a line break could forge the last line, which
 * browsers read), no direction marks (they could reorder what is shown), bounded.
 * @param cheap the text around it stays in the GSM alphabet: then the name does too, where that is possible
 */
export function displayName(name: string, max: number, cheap: boolean): string {
  const line = oneLine(name);
  const signs = Array.from(cheap ? towardsGsm7(line) : line);
  return signs.length <= max ? signs.join('') : signs.slice(0, max - 3).join('') + '...';
}

/** With a capital letter at its beginning, where the script has any. */
export function capitalised(text: string, locale: string): string {
  const [first = ''] = text;
  return first.toLocaleUpperCase(locale) + text.slice(first.length);
}

/** `1, 2, 3`: a voice says it sign by sign, with pauses. */
export function spelledOut(code: string): string {
  return Array.from(code).join(', ');
}
