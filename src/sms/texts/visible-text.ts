/** What may stand in a message to a person: only what can be seen, in the place where it was written. */

/** Ends a line or a text, acts on a terminal, or is half a character. */
const breaking = String.raw`[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]`;
/**
 * Nobody sees it, or it changes the order of what is seen: direction marks, characters of no width, fillers, byte order
 * marks, soft hyphens. Variation selectors belong to emoji, joiners to words of some scripts and to emoji; behind letters
 * that never join, digits and punctuation a joiner only hides.
 */
const unseen =
  String.raw`(?![\u200c\u200d\p{Variation_Selector}])\p{Default_Ignorable_Code_Point}` +
  String.raw`|(?<=^|[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{P}\p{Z}])[\u200c\u200d]`;

const hidden = new RegExp(`${breaking}|${unseen}`, 'u');
const everyUnseen = new RegExp(unseen, 'gu');

export function holdsHidden(text: string): boolean {
  return hidden.test(text);
}

/** Something visible on one line, and nothing hidden: whatever a client may have shown to a person. */
export function isVisibleLine(text: string): boolean {
  return text.trim().length > 0 && !holdsHidden(text);
}

export const VISIBLE_LINE_REMEDY =
  'Write visible text on one line, without control characters, direction marks and characters of no width.';

/** The last resort, for what was stored under another rule: on one line, nothing hidden in it. */
export function oneLine(value: string): string {
  return value
    .replace(everyUnseen, '')
    .replace(/[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}
