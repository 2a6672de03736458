import { asciiDigits } from '../digits';

export interface CodeShape {
  readonly codeLength: number;
  readonly codeAlphabet: 'numeric' | 'alphanumeric';
}

/** Spaces, dashes and what cannot be seen. */
const unimportant = /[\s\p{Pd}\u2212\p{Cf}]/gu;

/**
 * The code in what was typed or pasted, or null: there is none, it is not complete, or there are several. A whole
 * message may be pasted; then the line `@domain #code` decides, else the only run of the right length.
 */
export function readCode(input: string, shape: CodeShape): string | null {
  const text = asciiDigits(input.normalize('NFKC'));
  const bare = text.replace(unimportant, '');
  if (wholly(shape).test(bare)) return bare.toUpperCase();
  return onlyOne(boundTo(text, shape)) ?? onlyOne(runs(text, shape)) ?? onlyOne(grouped(text, shape));
}

const character = ({ codeAlphabet }: CodeShape) => (codeAlphabet === 'numeric' ? '\\d' : '[\\dA-Za-z]');
const wholly = (shape: CodeShape) => new RegExp(`^${character(shape)}{${shape.codeLength}}$`);

/** The last line of a message that is bound to a domain: what WebOTP and iOS read. */
function boundTo(text: string, shape: CodeShape): string[] {
  const line = new RegExp(`@\\S+\\s+#(${character(shape)}{${shape.codeLength}})(?![\\dA-Za-z])`, 'g');
  return [...text.matchAll(line)].map(([, code = '']) => code);
}

/** In a sentence, letters are words; a code of letters is in capitals and has a digit among them. */
function runs(text: string, { codeLength, codeAlphabet }: CodeShape): string[] {
  const words = text.match(codeAlphabet === 'numeric' ? /\d+/g : /[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => word.length === codeLength && /^[\dA-Z]*\d[\dA-Z]*$/.test(word));
}

/** "123 456" in a sentence, but not a part of a phone number. */
function grouped(text: string, { codeLength, codeAlphabet }: CodeShape): string[] {
  if (codeAlphabet !== 'numeric') return [];
  const groups = text.match(/\d(?:[^\S\n]?[\p{Pd}\u2212]?\d|[^\S\n]\d)*/gu) ?? [];
  return groups.map((group) => group.replace(/\D/g, '')).filter(({ length }) => length === codeLength);
}

function onlyOne(found: readonly string[]): string | null {
  const [one, ...others] = new Set(found.map((code) => code.toUpperCase()));
  return one !== undefined && others.length === 0 ? one : null;
}
