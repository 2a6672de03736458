/** What a caller says of a person, wherever one is to be reached. */
import { z } from 'zod';
import { text } from './zod-text';

const MAX_METADATA = 10;

export const numberSchema = z
  .string()
  .min(1, 'Give a phone number.')
  .max(64, 'A phone number is shorter.')
  .describe(
    'E.164 (`+12015550123`), or national with `country`; spaces, punctuation, digits of any script and prefixes of old numbering plans are read',
  );

export const countrySchema = z
  .string()
  .regex(/^[A-Za-z]{2}$/, 'Use an ISO 3166-1 alpha-2 code, e.g. ES.')
  .describe('ISO 3166-1 alpha-2, for a number in national form');

export const emailSchema = z
  .email('Use an e-mail address, e.g. ana@example.com.')
  .max(254, 'An e-mail address has at most 254 characters.')
  .describe(
    'Address for the channel email. E-mail proves no phone: NIST SP 800-63B-4 §3.1.3 does not allow it there',
  );

export const metadataSchema = z
  .record(
    z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/, 'Use keys of 1 to 40 of A-Z, a-z, 0-9, _, . and -.'),
    text({ max: 256, min: 0 }),
  )
  .refine((value) => Object.keys(value).length <= MAX_METADATA, `Use at most ${MAX_METADATA} entries.`)
  .describe('Your own values, returned with the verification until 24 h after its end');
