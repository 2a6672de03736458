import { z } from 'zod';
import { phoneNumberTypes } from '../../phone/phone-number';
import { phoneProblems } from '../../phone/phone-problem';

/** Generous: how long a number may be is the parser's to say, with a reason. */
const MAX_TEXT = 256;

const written = z.string().max(MAX_TEXT);

export const validatePhoneNumberSchema = z
  .strictObject({
    to: written
      .optional()
      .describe('As typed or copied: E.164, or national with `country`. Named as in a create'),
    number: written.optional().describe('The same under another name: give `to` or `number`'),
    country: z
      .string()
      .regex(/^[A-Za-z]{2}$/, 'must be two letters (ISO 3166-1 alpha-2)')
      .optional()
      .describe('ISO 3166-1 alpha-2, for a number in national form; default: the server’s DEFAULT_COUNTRY'),
  })
  .superRefine(({ to, number }, context) => {
    if (to === undefined && number === undefined) {
      context.addIssue({ code: 'custom', path: ['to'], message: 'Missing: give a number as to or number.' });
    }
    if (to === undefined || number === undefined || to === number) return;
    for (const path of ['to', 'number']) {
      const message = 'to and number are different: give one of them.';
      context.addIssue({ code: 'custom', path: [path], message });
    }
  })
  .meta({ anyOf: [{ required: ['to'] }, { required: ['number'] }] });
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
