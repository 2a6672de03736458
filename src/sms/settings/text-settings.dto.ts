/** What an application may set about its texts; `applications` composes its settings from it. */
import { z } from 'zod';
import { channels } from '../../common/channel';
import { purposeName } from '../../common/purpose.dto';
import { isAppHash, isWebOtpDomain } from '../texts/autofill';
import {
  MAX_SUBJECT_LENGTH,
  MAX_TEMPLATE_LENGTH,
  MAX_TEMPLATES,
  templateIssues,
} from '../texts/templates/template-rules';
import { isVisibleLine, VISIBLE_LINE_REMEDY } from '../texts/visible-text';
import { localeSchema } from './locale.dto';

export const displayText = (max: number) => z.string().max(max).refine(isVisibleLine, VISIBLE_LINE_REMEDY);

/** The preview takes one too, to try it before it is saved. */
export const templateSchema = z
  .strictObject({
    purpose: purposeName.optional().describe('Absent: every purpose'),
    channel: z
      .enum(channels)
      .optional()
      .describe('Absent: SMS and e-mail; templates for WhatsApp live at its vendor'),
    locale: localeSchema.optional().describe('Absent: every language; `es` serves `es-MX` too'),
    text: z
      .string()
      .min(1)
      .max(MAX_TEMPLATE_LENGTH)
      .describe(
        'ICU message syntax with code, minutes, seconds, brand, contact, amount, currency and payee; plural with minutes and seconds, select with currency',
      ),
    subject: z.string().min(1).max(MAX_SUBJECT_LENGTH).optional().describe('Of an e-mail, without the code'),
  })
  .superRefine((template, context) => {
    for (const { field, message } of templateIssues(template)) {
      context.addIssue({ code: 'custom', path: [field], message });
    }
  })
  .meta({ id: 'Template' });

export const textFields = {
  brand: displayText(30),
  locale: localeSchema,
  contact: displayText(100),
  templates: z.array(templateSchema).max(MAX_TEMPLATES),
  allowLinks: z.boolean(),
  transliterate: z.boolean(),
  webOtpDomain: z
    .string()
    .toLowerCase()
    .refine(isWebOtpDomain, 'Must be a host name, such as example.com, without scheme or path.'),
  appHash: z.string().refine(isAppHash, 'Must be the 11 characters of the SMS Retriever hash.'),
};
