import type { Words } from '../../../web/verify/words';
import { isTextKey, placeholdersFor, placeholdersOf, type TextKey, type TextOverrides } from './text-keys';

/** What is wrong with a sentence in its place, in words that say what to change; null: nothing. */
export function sentenceProblem(key: TextKey, text: string): string | null {
  const used = placeholdersOf(text);
  const { may, must } = placeholdersFor(key);
  if (/[{}]/.test(text.replace(/\{[a-z]+\}/gi, '')))
    return 'Use braces for placeholders alone, e.g. {brand}.';
  const foreign = used.find((name) => !may.includes(name));
  if (foreign !== undefined)
    return `There is no such placeholder here; there are: ${may.map(braced).join(', ')}.`;
  const missing = must.filter((name) => !used.includes(name));
  return missing.length === 0 ? null : `It must hold ${missing.map(braced).join(' and ')}.`;
}

const braced = (name: string): string => `{${name}}`;

/** The words of a language with an application's own in their places. Those that do not fit are passed over. */
export function withOwnWords(words: Words, own: TextOverrides | undefined): Words {
  if (own === undefined) return words;
  return replaced(words, new Map(Object.entries(own)), '');
}

function replaced<Part extends object>(part: Part, own: ReadonlyMap<string, string>, before: string): Part {
  const entries = Object.entries(part).map(([name, value]: [string, unknown]) => {
    const key = `${before}${name}`;
    if (typeof value === 'object' && value !== null) return [name, replaced(value, own, `${key}.`)] as const;
    const sentence = own.get(key);
    const fits = sentence !== undefined && isTextKey(key) && sentenceProblem(key, sentence) === null;
    return [name, fits ? sentence : value] as const;
  });
  return Object.fromEntries(entries) as Part;
}
