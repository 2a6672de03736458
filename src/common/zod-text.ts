import { z } from 'zod';

/** Control characters (C0, DEL, C1) and halves of surrogate pairs: invisible in a text, harmful in a terminal. */
const unprintable = /[\p{Cc}\p{Cs}]/u;

/** Free text from a client, e.g. a name: 1 to `max` UTF-16 units, nothing unprintable. */
export function text({ max, min = 1 }: { readonly max: number; readonly min?: number }): z.ZodString {
  return z
    .string()
    .min(min, `Too short: at least ${min} character${min === 1 ? '' : 's'}.`)
    .max(max, `Too long: at most ${max} characters.`)
    .refine((value) => !unprintable.test(value), 'Remove control characters and incomplete characters.');
}
