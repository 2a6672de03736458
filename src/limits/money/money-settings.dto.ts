/** What an application may set about money; `applications` composes its settings from it. */
import { z } from 'zod';
import { isCountry } from '../../phone/parse-phone-number';
import { patchOf } from '../../common/zod-patch';
import { periods } from './caps';

/** A day and a month for every country, and for all together. */
const MAX_BUDGETS = 500;
/** A billion units: far above any bill, far below where whole numbers end. */
const MAX_MICROS = 1_000_000_000_000_000;

const amountFields = {
  amountMicros: z
    .int('Use a whole number of millionths, e.g. 50000000 for 50.')
    .min(1, 'Use at least 1: to stop all messages, disable the application.')
    .max(MAX_MICROS, `Use at most ${MAX_MICROS}.`)
    .describe('Millionths of the currency'),
  currency: z
    .string()
    .regex(/^[A-Z]{3,8}$/, 'Use an ISO 4217 code, e.g. EUR.')
    .describe("ISO 4217, or `CREDITS` for a vendor's own units"),
};
const amount = z.strictObject(amountFields);

const budget = z.strictObject({
  country: z
    .string()
    .toUpperCase()
    .refine(isCountry, 'Must be an ISO 3166-1 alpha-2 code, such as ES.')
    .optional()
    .describe('Messages to numbers of this country; absent: all messages'),
  period: z.enum(periods).describe('A calendar day or month in UTC'),
  limit: amount.describe('What may be spent in it'),
});

export const moneyFields = {
  budgets: z.array(budget).max(MAX_BUDGETS),
  assumedPrice: amount.describe('What one part of a message costs where the price book does not say'),
};

/** The same for a change. */
export const moneyPatchFields = { ...moneyFields, assumedPrice: patchOf(amountFields) };
