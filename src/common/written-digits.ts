/** Digits as keyboards of the world write them, and the signs that come along unseen when a text is copied. */

const decimalDigit = /\p{Nd}/u;
/** ASCII digits are what nearly all input has: looking up each of them took 13 µs of a create and check. */
const foreignDigits = /[^\P{Nd}0-9]/gu;

/**
 * Every decimal digit of Unicode (Arabic, Devanagari, full-width, …) as its ASCII digit; all else stays. Signs that
 * only look like digits (superscript, circled) are none: they belong to typography and no keyboard types them.
 */
export function withAsciiDigits(text: string): string {
  return text.replace(foreignDigits, (sign) => String(valueOf(sign.codePointAt(0) ?? 0)));
}

/** Unicode keeps the digits of a script in a row from zero to nine; where rows touch, they start ten apart. */
function valueOf(codePoint: number): number {
  let rowStart = codePoint;
  while (decimalDigit.test(String.fromCodePoint(rowStart - 1))) rowStart--;
  return (codePoint - rowStart) % 10;
}

const unseen = /[\p{White_Space}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Without spaces of any width, tabs and line breaks, and without what nobody sees: direction marks, joiners and other
 * characters of no width, byte order marks, soft hyphens. Other control characters stay: nobody types or copies them.
 */
export function withoutUnseen(text: string): string {
  return text.replace(unseen, '');
}
