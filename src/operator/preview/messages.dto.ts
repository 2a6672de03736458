import { z } from 'zod';
import { channels } from '../../common/channel';
import { moneyAnswer } from '../../common/money.dto';
import { purposeName } from '../../common/purpose.dto';
import { MAX_LONG_TTL_SECONDS } from '../../otp/policy/policy';
import { isCountry } from '../../phone/parse-phone-number';
import {
  digestSchema,
  displayText,
  localeSchema,
  templateSchema,
  transactionSchema,
} from '../../sms/settings/text-settings.dto';
import { isAppHash, isWebOtpDomain } from '../../sms/texts/autofill';

const MAX_COUNTRIES = 20;

const country = z
  .string()
  .toUpperCase()
  .refine(isCountry, 'Use an ISO 3166-1 alpha-2 code, e.g. ES.')
  .describe('ISO 3166-1 alpha-2');

export const previewSchema = z.strictObject({
  purpose: purposeName.optional().describe('Default: that of the template, else `default`'),
  channel: z.enum(channels).optional().describe('Default: that of the template, else `sms`'),
  locale: localeSchema
    .optional()
    .describe('As in a create; default: that of the template, else by application and country'),
  country: country.optional().describe('Of the recipient: decides the language when nothing else does'),
  countries: z
    .array(country)
    .max(MAX_COUNTRIES)
    .optional()
    .describe('Where to estimate the price; default: `country` alone'),
  template: templateSchema
    .optional()
    .describe('A template to try before it is saved, instead of the saved ones'),
  transaction: transactionSchema
    .optional()
    .describe('Payment that the code confirms; default for a template that shows one: 49.90 EUR'),
  digest: digestSchema
    .optional()
    .describe('What else the code is bound to; default for a template that shows it: a SHA-256'),
  brand: displayText(30).optional().describe('Instead of the one of the application'),
  ttlSeconds: z
    .int()
    .min(1)
    .max(MAX_LONG_TTL_SECONDS)
    .optional()
    .describe('For which the code still works; default: as long as codes of the purpose live'),
  codeLength: z.int().min(4).max(10).optional().describe('Default: that of the purpose'),
  appHash: z
    .string()
    .refine(isAppHash, 'Use the 11 characters of the Android SMS Retriever hash.')
    .optional()
    .describe('Default: that of the application'),
  webOtpDomain: z
    .string()
    .refine(isWebOtpDomain, 'Use a host name, e.g. example.com.')
    .optional()
    .describe('Default: that of the application'),
  transliterate: z.boolean().optional().describe('Default: as the application is set'),
});
export type PreviewInput = z.output<typeof previewSchema>;

export const previewAnswer = z
  .strictObject({
    text: z.string(),
    subject: z.string().nullable().describe('Of an e-mail; null on every other channel'),
    locale: z.string().describe('The language that was chosen'),
    channel: z.enum(channels),
    source: z
      .enum(['template', 'plugin', 'built-in'])
      .describe(
        "The application's own, that of a plug-in, or what comes with the product. A bound payment is never confirmed by a template that does not show it",
      ),
    encoding: z.enum(['gsm7', 'ucs2']).nullable().describe('By SMS; null on every other channel'),
    characters: z.int().describe('Unicode code points'),
    units: z.int().nullable().describe('Septets or UTF-16 units by SMS; null on every other channel'),
    parts: z.int().describe('What is paid for; 1 on every channel but SMS'),
    code: z.string().describe('The sample code: 1234567890, cut to its length'),
    estimates: z
      .array(
        z.strictObject({
          country: z.string(),
          gateway: z.string().nullable().describe('The likeliest; null when nothing is routed there'),
          sender: z
            .string()
            .nullable()
            .describe(
              "Of that gateway: the application's own, else that of its settings; null when none is named, and " +
                'the gateway or its vendor decides',
            ),
          price: moneyAnswer.nullable().describe('All parts, by the price book; null without a price in it'),
        }),
      )
      .describe('One per country'),
  })
  .meta({ id: 'MessagePreview' });
export type PreviewAnswer = z.output<typeof previewAnswer>;
