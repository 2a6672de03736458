/** What an application may set about numbers; `applications` composes its settings from it. */
import { z } from 'zod';
import { isCountry } from './parse-phone-number';
import { phoneNumberTypes } from './phone-number';

const MUST_BE_A_COUNTRY = 'Must be an ISO 3166-1 alpha-2 code, such as ES.';
const countryCode = z
  .string()
  // Before the upper case: some letters outside ASCII become two of it, and `ſs` would be South Sudan.
  .regex(/^[A-Za-z]{2}$/, MUST_BE_A_COUNTRY)
  .toUpperCase()
  .refine(isCountry, MUST_BE_A_COUNTRY);

const distinct = <T>(values: T[]): T[] => [...new Set(values)];

export const phonePolicyFields = {
  allowedCountries: z.array(countryCode).max(300).overwrite(distinct),
  allowedNumberTypes: z.array(z.enum(phoneNumberTypes)).min(1).max(20).overwrite(distinct),
};
