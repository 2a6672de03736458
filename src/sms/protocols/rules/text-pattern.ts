/**
 * Patterns that operators write and that answers of strangers are searched with. The engine is RE2's, which needs time in
 * proportion to the text whatever the pattern: no answer can hold the process up, as it could with the language's own.
 */
import { RE2JS } from 're2js';

export interface TextPattern {
  /** What stands in the first pair of brackets, else the whole of what was found; null when it is not there. */
  find(text: string): string | null;
}

export const LONGEST_PATTERN = 200;
/** A word that decides stands at the beginning; what follows is a page for people. */
const LONGEST_TEXT = 4_096;

/** Null when it is not such a pattern. */
export function parsePattern(text: string): TextPattern | null {
  if (text === '' || text.length > LONGEST_PATTERN) return null;
  try {
    const pattern = RE2JS.compile(text);
    return {
      find(searched) {
        const matcher = pattern.matcher(searched.slice(0, LONGEST_TEXT));
        if (!matcher.find()) return null;
        return (matcher.groupCount() > 0 ? matcher.group(1) : matcher.group()) ?? '';
      },
    };
  } catch {
    return null;
  }
}
