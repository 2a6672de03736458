/**
 * What people, forms and address books really send, reduced to ASCII digits with an optional `+` in front. It
 * runs before any phone library sees the text: the library never meets letters, extensions or long input, and
 * one number has one form whatever keyboard wrote it.
 */

/** UTF-16 units; 15 digits with every decoration stay far below. Checked before any other work on the text. */
export const MAX_INPUT_LENGTH = 64;

/**
 * Left out: spaces of every width (not tab and line breaks: those are control characters), brackets, hyphens
 * and dashes of every kind, dots and slashes, also full-width; and the invisible marks that come along when a
 * number is copied: direction marks and isolates, joiners, byte order mark, soft hyphen.
 */
const decoration =
  /[\p{Zs}\p{Pd}()[\]./\u00ad\u00b7\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u2212\ufeff\uff08\uff09\uff0e\uff0f]/gu;

/**
 * The digit zero of the scripts that phone keyboards offer; one to nine follow it. Digits that are only
 * typography (superscript, circled, mathematical) are refused like letters.
 */
const zeros = [
  0x0030, 0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
  0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810, 0xff10,
];
const asciiDigits = new Map(
  zeros.flatMap((zero) => Array.from({ length: 10 }, (_, value) => [zero + value, String(value)] as const)),
);
const pluses = new Set(['+', '\uff0b']);

/** `+442079460958` from `‎+44 (0)20 7946‑0958`; null when anything but a number remains. `input` must be bounded. */
export function dialledDigits(input: string): string | null {
  const bare = input.replace(decoration, '');
  const international = pluses.has(bare.charAt(0));
  const digits = Array.from(international ? bare.slice(1) : bare, (sign) =>
    asciiDigits.get(sign.codePointAt(0) ?? 0),
  );
  if (digits.length === 0 || digits.includes(undefined)) return null;
  return (international ? '+' : '') + digits.join('');
}
