/** Texts of an application's own as they come in; the preview takes one too, to try it before it is saved. */
import { z } from 'zod';
import { channels } from '../../common/channel';
import {
  MAX_SUBJECT_LENGTH,
  MAX_TEMPLATE_LENGTH,
  templateIssues,
} from '../../sms/texts/templates/template-rules';
import { purposePattern } from '../../common/purpose';
import { canonicalLocale } from './setting-values';

export const localeTag = z
  .string()
  .max(35)
  .refine((tag) => canonicalLocale(tag) !== null, 'Must be a BCP 47 language tag, such as es-MX.')
  .overwrite((tag) => canonicalLocale(tag) ?? tag);

export const purposeName = z
  .string()
  .regex(
    purposePattern,
    'Must be 1 to 32 lower-case letters, digits, _ or -, and start with a letter or digit.',
  );

export const templateSchema = z
  .strictObject({
    purpose: purposeName.optional().describe('Absent: every purpose'),
    channel: z
      .enum(channels)
      .optional()
      .describe('Absent: SMS and e-mail; templates for WhatsApp live at its vendor'),
    locale: localeTag.optional().describe('Absent: every language; `es` serves `es-MX` too'),
    text: z
      .string()
      .min(1)
      .max(MAX_TEMPLATE_LENGTH)
      .describe(
        'ICU message syntax with code, minutes, brand, contact, amount, currency and payee; plural with minutes, select with currency',
      ),
    subject: z.string().min(1).max(MAX_SUBJECT_LENGTH).optional().describe('Of an e-mail, without the code'),
  })
  .superRefine((template, context) => {
    for (const { field, message } of templateIssues(template)) {
      context.addIssue({ code: 'custom', path: [field], message });
    }
  })
  .meta({ id: 'Template' });
