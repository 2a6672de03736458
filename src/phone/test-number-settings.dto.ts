/** What an application may set about test numbers; `applications` composes its settings from it. */
import { z } from 'zod';
import { parsePhoneNumber } from './parse-phone-number';

const MAX_TEST_NUMBERS = 50;

/** What is no number stays as it is, and is refused. */
function e164Of(input: string): string {
  const parsed = parsePhoneNumber(input);
  return parsed.ok ? parsed.number.e164 : input;
}

const testNumber = z.strictObject({
  to: z
    .string()
    .max(64)
    .refine((to) => parsePhoneNumber(to).ok, 'Use a valid number in international form, e.g. +12015550123.')
    .overwrite(e164Of)
    .describe('E.164; it gets no message, whatever its country and type'),
  code: z
    .string()
    .regex(/^[0-9A-Z]{4,10}$/, 'Use 4 to 10 digits or capital letters, e.g. 424242.')
    .describe('Its code, always'),
  expiresAt: z.iso
    .datetime({ offset: true, error: 'Use an ISO 8601 time, e.g. 2027-01-31T12:00:00Z.' })
    .optional()
    .describe('From then on it is a number like any other; a production server wants it'),
});

export const testNumberFields = {
  testNumbers: z
    .array(testNumber)
    .max(MAX_TEST_NUMBERS)
    .refine((list) => new Set(list.map(({ to }) => to)).size === list.length, 'Name each number once.'),
};
