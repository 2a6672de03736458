/** What an application may set about numbers; `applications` composes its settings from it. */
import { z } from 'zod';
import { isCountry } from './parse-phone-number';
import { phoneNumberTypes } from './phone-number';

const countryCode = z
  .string()
  .toUpperCase()
  .refine(isCountry, 'Must be an ISO 3166-1 alpha-2 code, such as ES.');

const distinct = <T>(values: T[]): T[] => [...new Set(values)];

export const phonePolicyFields = {
  allowedCountries: z.array(countryCode).max(300).overwrite(distinct),
  allowedNumberTypes: z.array(z.enum(phoneNumberTypes)).min(1).max(20).overwrite(distinct),
};
