/**
 * What an application may set about its texts; `applications` composes its settings from it. And what a call may bring
 * into one: the language and the payment.
 */
import { z } from 'zod';
import { channels } from '../../common/channel';
import { purposeName } from '../../common/purpose.dto';
import { text } from '../../common/zod-text';
import { isAppHash, isWebOtpDomain } from '../texts/autofill';
import {
  MAX_SUBJECT_LENGTH,
  MAX_TEMPLATE_LENGTH,
  MAX_TEMPLATES,
  templateIssues,
} from '../texts/templates/template-rules';
import { MAX_PAYEE_LENGTH, MAX_SHOWN_DIGEST_LENGTH } from '../texts/display';
import { MAX_LOCALE_LENGTH, readLocale } from '../texts/locale-tag';
import { isVisibleLine, VISIBLE_LINE_REMEDY } from '../texts/visible-text';

export const displayText = (max: number) => z.string().max(max).refine(isVisibleLine, VISIBLE_LINE_REMEDY);

/** A language, wherever one is accepted. Goes on in its canonical form. */
export const localeSchema = z
  .string()
  .max(MAX_LOCALE_LENGTH, 'A language tag is shorter.')
  .refine((written) => readLocale(written) !== null, 'Use a BCP 47 language tag, e.g. es or es-MX.')
  .overwrite((written) => readLocale(written) ?? written)
  .describe(
    'BCP 47 language tag (`es-MX`); also as Java, Android or POSIX write it (`pt_BR`, `zh-rTW`, `iw`)',
  );

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

const MAX_DIGEST_BYTES = 256;

/** Bound to the code like a transaction. */
export const digestSchema = text({ max: MAX_DIGEST_BYTES })
  .refine(
    (digest) => Buffer.byteLength(digest) <= MAX_DIGEST_BYTES,
    `Too long: at most ${MAX_DIGEST_BYTES} bytes in UTF-8.`,
  )
  .describe(
    'Any text of yours that the code is bound to, such as the SHA-256 of a document: 1 to 256 bytes in UTF-8, no control characters. A check ' +
      `without exactly this text is wrong. Templates with {digest} show it: then visible text on one line of at most ` +
      `${MAX_SHOWN_DIGEST_LENGTH} characters, and no link unless allowLinks is set`,
  );

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
        'ICU message syntax with code, minutes, seconds, duration, brand, contact, amount, currency, payee and digest; plural with minutes and seconds, select with currency',
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
