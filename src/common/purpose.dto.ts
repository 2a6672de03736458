import { z } from 'zod';
import { purposePattern } from './purpose';

export const purposeName = z
  .string()
  .regex(
    purposePattern,
    'Must be 1 to 32 lower-case letters, digits, _ or -, and start with a letter or digit.',
  );

/** Of a call. */
export const purposeSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'Use a fixed word of at most 32 of a-z, 0-9, _ and -, e.g. login.')
  .describe('What the code is for: a fixed word, never data; at most 20 per application');
