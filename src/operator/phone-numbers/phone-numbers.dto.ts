import { z } from 'zod';
import { phoneNumberTypes } from '../../phone/phone-number';
import { phoneProblems } from '../../phone/phone-problem';

/** Generous: how long a number may be is the parser's to say, with a reason. */
const MAX_TEXT = 256;

export const validatePhoneNumberSchema = z.strictObject({
  number: z.string().max(MAX_TEXT).describe('As typed: E.164, or national with `country`'),
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/, 'must be two letters (ISO 3166-1 alpha-2)')
    .optional()
    .describe('ISO 3166-1 alpha-2, for a number in national form; default: the server’s DEFAULT_COUNTRY'),
});
export type ValidatePhoneNumber = z.infer<typeof validatePhoneNumberSchema>;

export const phoneNumberReportSchema = z.strictObject({
  valid: z.boolean(),
  reason: z.enum(phoneProblems).nullable().describe('Why it is not valid; null when it is'),
  e164: z.string().nullable(),
  national: z.string().nullable(),
  international: z.string().nullable(),
  country: z.string().nullable().describe('Null also for numbers that belong to no country'),
  callingCode: z.string().nullable().describe('Without the plus'),
  type: z.enum(phoneNumberTypes).nullable(),
  allowed: z.boolean().describe('Whether this application may send to it'),
  allowedReason: z.enum(['country_not_allowed', 'number_type_not_allowed']).nullable(),
});
