import { z } from 'zod';
import { MAX_PAYEE_LENGTH } from '../texts/display';
import { isVisibleLine, VISIBLE_LINE_REMEDY } from '../texts/visible-text';

/** Bound to the code (PSD2 RTS Art. 5): a check must bring the same values, to the character. */
export const transactionSchema = z
  .strictObject({
    amount: z
      .string()
      .regex(/^\d{1,12}(\.\d{1,6})?$/, 'Use a decimal number as a string, e.g. "49.90".')
      .describe('Decimal number as a string, shown to the person as it is'),
    currency: z.string().regex(/^[A-Z]{3}$/, 'Use an ISO 4217 code, e.g. EUR.'),
    payee: z
      .string()
      .min(1, 'Name who receives the money.')
      .max(MAX_PAYEE_LENGTH, `Too long: at most ${MAX_PAYEE_LENGTH} characters.`)
      .refine(isVisibleLine, VISIBLE_LINE_REMEDY)
      .describe(
        'Who receives the money, as the person knows them: visible text on one line, and no link unless allowLinks is set',
      ),
  })
  .describe('Payment that the code confirms; a check without exactly these values is wrong');
