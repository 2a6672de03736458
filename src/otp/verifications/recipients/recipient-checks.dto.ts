import { z } from 'zod';
import { countrySchema, numberSchema } from '../../../common/person.dto';
import { purposeSchema } from '../../../common/purpose.dto';
import { checkSchema, verificationSchema } from '../verifications.dto';

export const recipientCheckSchema = checkSchema.extend({
  to: numberSchema,
  country: countrySchema.optional(),
  purpose: purposeSchema.optional(),
});
export type RecipientCheck = z.infer<typeof recipientCheckSchema>;

export const recipientCheckAnswerSchema = z
  .object({
    valid: z
      .boolean()
      .describe('False alike for a wrong code, for nothing pending, for a lock, for a number never seen'),
    verification: verificationSchema.nullable().describe('Only with `valid: true`'),
  })
  .meta({ id: 'RecipientCheck' });
export type RecipientCheckAnswer = z.infer<typeof recipientCheckAnswerSchema>;
