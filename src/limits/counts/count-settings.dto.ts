/** What an application may set about its limits; `applications` composes its settings from it. */
import { z } from 'zod';
import { limitSubjects, unavailableRules } from './limit';

const MAX_LIMITS = 32;
const TEN_SECONDS = 10;
const WEEK_SECONDS = 604_800;

const limit = z
  .strictObject({
    by: z
      .array(z.enum(limitSubjects, `Use ${limitSubjects.join(', ')}.`))
      .min(1, 'Say what is counted, e.g. ["number"].')
      .max(4, 'Count by at most four things together.')
      .refine((by) => new Set(by).size === by.length, 'Name each once.')
      .describe('What sends are counted by; several together make one key'),
    max: z
      .int('Use a whole number from 1 to 100000000.')
      .min(1, 'Use at least 1; to send nothing at all, set disabled.')
      .max(100_000_000)
      .describe('Sends in any window of this length'),
    windowSeconds: z
      .int('Use a whole number of seconds.')
      .min(TEN_SECONDS, 'Use at least 10 seconds.')
      .max(WEEK_SECONDS, 'Use at most 604800 seconds, a week.'),
    countries: z
      .array(z.string().regex(/^[A-Z]{2}$/, 'Use ISO 3166-1 alpha-2 codes in capitals, e.g. ES.'))
      .min(1, 'Name a country, or leave countries out.')
      .max(250)
      .describe('Only sends to these countries; absent: to all'),
    disabled: z.boolean().describe('true: it neither counts nor refuses'),
    countConfirmed: z
      .boolean()
      .describe(
        'false: a send whose code was typed in is given back; true, the default of limits of your own: it counts',
      ),
    onUnavailable: z
      .enum(unavailableRules)
      .describe('When a send has nothing to count by (no client IP, no device): open lets it through'),
  })
  .partial();

export const countFields = {
  limits: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, 'Use a name of at most 32 of A-Z, a-z, 0-9, _ and -.'),
      limit,
    )
    .refine((limits) => Object.keys(limits).length <= MAX_LIMITS, `Use at most ${MAX_LIMITS} limits.`)
    .describe(
      'Limits by name. The name of a built-in one changes what is given of it; disabled turns it off',
    ),
};
