/** Settings of a gateway whose vendor nobody knows: each reads a text of the environment. */
import { z } from 'zod';
import { jsonObject } from '../../../common/json-object';
import { parseJsonPath } from './json-path';
import type { JsonPath } from './json-path';

/** A JSON object of headers; names become lower case. */
export const headersSetting = z.string().transform((text, context): Record<string, string> => {
  const parsed = z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string()).safeParse(jsonObject(text));
  if (parsed.success) {
    return Object.fromEntries(
      Object.entries(parsed.data).map(([name, value]) => [name.toLowerCase(), value]),
    );
  }
  context.addIssue('must be a JSON object of texts, e.g. {"x-api-key":"…"}');
  return z.NEVER;
});

export const headerNameSetting = z
  .string()
  .regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header')
  .transform((name) => name.toLowerCase());

export const pathSetting = z.string().transform((text, context): JsonPath => {
  const path = parseJsonPath(text);
  if (path) return path;
  context.addIssue('must be a path such as message.id or results[0].status');
  return z.NEVER;
});

/** Words with commas between them, in lower case: vendors change the case of theirs. */
export const wordsSetting = z
  .string()
  .regex(/[^,\s]/, 'must name at least one value')
  .transform(wordsOf);

export function wordsOf(text: string): string[] {
  const words = text.toLowerCase().split(',');
  return words.map((word) => word.trim()).filter((word) => word !== '');
}
