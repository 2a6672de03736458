import { en } from '../../../web/verify/languages/en';
import type { Plural, Words } from '../../../web/verify/words';

/** A sentence by its place in `Words`: `code.title`, `code.sent.sms`. Words with several forms have none. */
type PathIn<Part, Before extends string = ''> = {
  [Key in keyof Part & string]: Part[Key] extends string
    ? `${Before}${Key}`
    : Part[Key] extends Plural
      ? never
      : PathIn<Part[Key], `${Before}${Key}.`>;
}[keyof Part & string];
export type TextKey = PathIn<Words>;

/** Sentences of an application's own, by their place. */
export type TextOverrides = Readonly<Partial<Record<TextKey, string>>>;

/** The warning that keeps people from reading out a code to somebody is not for an application to change. */
const fixed: readonly string[] = ['code.notYou'] satisfies readonly TextKey[];

interface Sentence {
  readonly key: TextKey;
  readonly english: string;
}

const sentences = sentencesIn(en).filter(({ key }) => !fixed.includes(key));
const englishOf = new Map(sentences.map(({ key, english }) => [key, english]));

/** Every sentence that an application may word itself. */
export const textKeys: readonly TextKey[] = sentences.map(({ key }) => key);

export const isTextKey = (key: string): key is TextKey => englishOf.has(key as TextKey);

/** Left out, they take nothing from a sentence that a person needs. */
const optional = ['brand'];

export const placeholdersOf = (text: string): string[] =>
  [...text.matchAll(/\{([a-z]+)\}/gi)].map(([, name = '']) => name);

/** What a sentence in this place may hold, and what it must. */
export function placeholdersFor(key: TextKey): {
  readonly may: readonly string[];
  readonly must: readonly string[];
} {
  const may = [...new Set([...placeholdersOf(englishOf.get(key) ?? ''), ...optional])];
  return { may, must: may.filter((name) => !optional.includes(name)) };
}

function sentencesIn(part: object, before = ''): Sentence[] {
  return Object.entries(part).flatMap(([name, value]: [string, unknown]) => {
    const key = `${before}${name}`;
    if (typeof value === 'string') return [{ key: key as TextKey, english: value }];
    if (typeof value !== 'object' || value === null || 'other' in value) return [];
    return sentencesIn(value, `${key}.`);
  });
}
