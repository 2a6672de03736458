/** What a create may say. */
import { z } from 'zod';
import { channels } from '../../../common/channel';
import { countrySchema, emailSchema, metadataSchema, numberSchema } from '../../../common/person.dto';
import { purposeSchema } from '../../../common/purpose.dto';
import { text } from '../../../common/zod-text';
import { digestSchema, localeSchema, transactionSchema } from '../../../sms/settings/text-settings.dto';
import { MAX_LONG_TTL_SECONDS, MAX_TTL_SECONDS } from '../../policy/policy';
import { isAppHash, isWebOtpDomain } from '../../../sms/texts/autofill';

export const channelSchema = z
  .enum(channels, `Use one of ${channels.join(', ')}.`)
  .describe('How the code travels; each but sms only where a gateway is routed for it');

const waitSchema = z
  .int('Use a whole number of seconds from 10 to 600.')
  .min(10)
  .max(600)
  .default(60)
  .describe('Seconds for the person to type the code before the next channel is tried');

const channelsSchema = z
  .array(z.strictObject({ channel: channelSchema, waitSeconds: waitSchema }))
  .min(1)
  .max(channels.length)
  .refine(
    (list) => new Set(list.map(({ channel }) => channel)).size === list.length,
    'Name each channel once.',
  )
  .describe(
    'Channels in the order in which they are tried: the next when one is reported undelivered or its wait is over',
  );

export const deviceIdSchema = text({ max: 128 }).describe(
  'The device of the person, by a name that stays and cannot be guessed, e.g. of a cookie. Give it with create and ' +
    'check: a device on which a code was right is not held up by the delays that wrong codes of others cause',
);

/** hCaptcha's are the longest: some thousand characters. */
const challengeSchema = text({ max: 8_192 }).describe(
  'What the person answered to the challenge that came with `challenge_required`, e.g. the token of the widget',
);

export const createVerificationSchema = z
  .strictObject({
    to: numberSchema,
    country: countrySchema.optional(),
    purpose: purposeSchema.optional(),
    channel: channelSchema.optional(),
    channels: channelsSchema.optional(),
    email: emailSchema.optional(),
    locale: localeSchema.optional(),
    clientIp: z
      .union([z.ipv4(), z.ipv6()], 'Use an IPv4 or IPv6 address.')
      .optional()
      .describe('Address of the person at your service'),
    deviceId: deviceIdSchema.optional(),
    challenge: challengeSchema.optional(),
    codeLength: z.int('Use a whole number from 4 to 10.').min(4).max(10).optional(),
    ttlSeconds: z
      .int('Use a whole number of seconds from 30.')
      .min(30)
      .max(MAX_LONG_TTL_SECONDS)
      .optional()
      .describe(`Life of the code; above ${MAX_TTL_SECONDS} only for a purpose with longLived`),
    transaction: transactionSchema.optional(),
    digest: digestSchema.optional(),
    metadata: metadataSchema.optional(),
    appHash: z
      .string()
      .refine(isAppHash, 'Use the 11 characters of the Android SMS Retriever hash.')
      .optional()
      .describe('Android SMS Retriever hash of your app'),
    webOtpDomain: z
      .string()
      .refine(isWebOtpDomain, 'Use a host name, e.g. example.com.')
      .optional()
      .describe('Host of your site, for browsers that fill codes in'),
  })
  .refine(({ channel, channels }) => !channel || !channels, {
    path: ['channels'],
    message: 'Give channel or channels, not both.',
  });
export type CreateVerification = z.infer<typeof createVerificationSchema>;
