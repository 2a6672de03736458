import { withAsciiDigits, withoutUnseen } from '../common/written-digits';

/**
 * What people, forms and address books really send, reduced to ASCII digits with an optional `+` in front. It
 * runs before any phone library sees the text: the library never meets letters, extensions or long input, and
 * one number has one form whatever keyboard wrote it.
 */

/** UTF-16 units; 15 digits with every decoration stay far below. Checked before any other work on the text. */
export const MAX_INPUT_LENGTH = 64;

/** Brackets, hyphens and dashes of every kind, dots and slashes, also full-width. */
const decoration = /[\p{Pd}()[\]./\u00b7\u2212\uff08\uff09\uff0e\uff0f]/gu;

const dialled = /^\+?[0-9]+$/;

/** `+442079460958` from `‎+44 (0)20 7946‑0958`; null when anything but a number remains. `input` must be bounded. */
export function dialledDigits(input: string): string | null {
  const bare = withoutUnseen(input)
    .replace(decoration, '')
    .replace(/^\uff0b/, '+');
  const digits = withAsciiDigits(bare);
  return dialled.test(digits) ? digits : null;
}
