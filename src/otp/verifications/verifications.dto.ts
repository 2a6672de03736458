import { z } from 'zod';
import { channels } from '../../common/channel';
import { costAnswer, moneyAnswer } from '../../common/money.dto';
import { text } from '../../common/zod-text';
import { deliveryStates } from '../slots/slot';
import { normaliseCode } from './start/code';
import { isAppHash, isWebOtpDomain } from '../../sms/texts/autofill';

export const ID_PATTERN = /^[A-Za-z0-9_-]{22}$/;
const MAX_METADATA = 10;

const purposeSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'Use a fixed word of at most 32 of a-z, 0-9, _ and -, e.g. login.')
  .describe('What the code is for: a fixed word, never data; at most 20 per application');

const localeSchema = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'Use a BCP 47 language tag, e.g. es or es-MX.')
  .describe('BCP 47 language tag of the text');

const channelSchema = z
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

const emailSchema = z
  .email('Use an e-mail address, e.g. ana@example.com.')
  .max(254, 'An e-mail address has at most 254 characters.')
  .describe(
    'Address for the channel email. E-mail proves no phone: NIST SP 800-63B-4 §3.1.3 does not allow it there',
  );

/** Bound to the code (PSD2 RTS Art. 5): a check must bring the same values, to the character. */
export const transactionSchema = z
  .strictObject({
    amount: z
      .string()
      .regex(/^\d{1,12}(\.\d{1,6})?$/, 'Use a decimal number as a string, e.g. "49.90".')
      .describe('Decimal number as a string, shown to the person as it is'),
    currency: z.string().regex(/^[A-Z]{3}$/, 'Use an ISO 4217 code, e.g. EUR.'),
    payee: text({ max: 70 }).describe('Who receives the money, as the person knows them'),
  })
  .describe('Payment that the code confirms; a check without exactly these values is wrong');
export type Transaction = z.infer<typeof transactionSchema>;

const metadataSchema = z
  .record(
    z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/, 'Use keys of 1 to 40 of A-Z, a-z, 0-9, _, . and -.'),
    text({ max: 256, min: 0 }),
  )
  .refine((value) => Object.keys(value).length <= MAX_METADATA, `Use at most ${MAX_METADATA} entries.`)
  .describe('Your own values, returned with the verification until 24 h after its end');

export const createVerificationSchema = z
  .strictObject({
    to: z
      .string()
      .min(1, 'Give a phone number.')
      .max(64, 'A phone number is shorter.')
      .describe('E.164 (`+12015550123`), or national with `country`'),
    country: z
      .string()
      .regex(/^[A-Za-z]{2}$/, 'Use an ISO 3166-1 alpha-2 code, e.g. ES.')
      .optional()
      .describe('ISO 3166-1 alpha-2, for a number in national form'),
    purpose: purposeSchema.optional(),
    channel: channelSchema.optional(),
    channels: channelsSchema.optional(),
    email: emailSchema.optional(),
    locale: localeSchema.optional(),
    clientIp: z
      .union([z.ipv4(), z.ipv6()], 'Use an IPv4 or IPv6 address.')
      .optional()
      .describe('Address of the person at your service'),
    codeLength: z.int('Use a whole number from 4 to 10.').min(4).max(10).optional(),
    ttlSeconds: z.int('Use a whole number of seconds from 30 to 86400.').min(30).max(86_400).optional(),
    transaction: transactionSchema.optional(),
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

export const checkSchema = z.strictObject({
  code: z
    .string()
    .max(64, 'A code is shorter.')
    .refine(
      (code) => normaliseCode(code) !== null,
      'Give 4 to 10 letters or digits; spaces and hyphens do not count.',
    )
    .describe('As typed: spaces and hyphens are removed, letters upper-cased'),
  transaction: transactionSchema.optional(),
});
export type Check = z.infer<typeof checkSchema>;

export const sendSchema = z
  .strictObject({ channel: channelSchema.optional(), locale: localeSchema.optional() })
  .optional();
export type Send = z.infer<typeof sendSchema>;

/** Cancel takes nothing: a property that somebody believes in is refused, as everywhere. */
export const noBodySchema = z.strictObject({}).optional();

export const recipientSchema = z.strictObject({
  to: createVerificationSchema.shape.to,
  purpose: purposeSchema.optional(),
});
export type Recipient = z.infer<typeof recipientSchema>;

export const recipientAnswerSchema = z.object({
  failures: z.int().describe('Consecutive wrong checks; only a right one or an unlock clears them'),
  lockedUntil: z.iso
    .datetime()
    .nullable()
    .describe('Null also when only an unlock ends the lock: failures is 100 then'),
  sends: z.object({ used: z.int(), max: z.int(), nextAt: z.iso.datetime().nullable() }),
});

const statusSchema = z.enum(['pending', 'approved', 'failed', 'expired', 'canceled', 'superseded']);
const time = z.iso.datetime();

export const verificationSchema = z
  .object({
    id: z.string(),
    status: statusSchema,
    to: z.string().nullable().describe('E.164; null from 24 h after the end'),
    email: z.string().nullable().describe('As given; null without one, and from 24 h after the end'),
    country: z.string().nullable(),
    purpose: z.string(),
    channel: channelSchema.describe('The first one; deliveries show all'),
    codeLength: z.int(),
    createdAt: time,
    expiresAt: time,
    endedAt: time.nullable(),
    checks: z.object({ used: z.int(), max: z.int() }).describe('Evaluated guesses of this verification'),
    sends: z
      .object({ used: z.int(), max: z.int(), nextAt: time.nullable() })
      .describe('Sends in the window of this recipient; nextAt is null when the verification has ended'),
    deliveries: z.array(
      z.object({
        id: z.string(),
        channel: channelSchema,
        provider: z.string().nullable(),
        state: z.enum(deliveryStates),
        attemptedAt: time.nullable(),
        errorCode: z.string().nullable(),
        parts: z.int().nullable().describe('Of the text that a gateway took; null while none did'),
        attempts: z
          .array(
            z.object({
              provider: z.string(),
              outcome: z.string().describe('`accepted`, `rejected` or `unknown`'),
              reason: z.string().nullable(),
              latencyMs: z.int(),
              reference: z.string().nullable().describe("The vendor's id of the message"),
              parts: z.int(),
              estimate: moneyAnswer.nullable().describe('By the price book'),
              price: moneyAnswer.nullable().describe('As the gateway said, at once or in receipts'),
            }),
          )
          .describe('Gateway calls, in order'),
      }),
    ),
    cost: costAnswer.describe('Over all gateway calls so far'),
    transaction: transactionSchema.nullable(),
    metadata: z.record(z.string(), z.string()).nullable(),
  })
  .meta({ id: 'Verification' });
export type VerificationAnswer = z.infer<typeof verificationSchema>;

export const checkAnswerSchema = verificationSchema
  .extend({
    valid: z.boolean().describe('Only `true` in the answer to your own check proves anything'),
  })
  .meta({ id: 'CheckedVerification' });

export const listSchema = z.strictObject({
  to: z.string().max(64).optional(),
  status: statusSchema.optional(),
  purpose: purposeSchema.optional(),
  createdAfter: z.iso
    .datetime({ offset: true, error: 'Use an ISO 8601 time, e.g. 2026-01-31T12:00:00Z.' })
    .optional(),
  createdBefore: z.iso
    .datetime({ offset: true, error: 'Use an ISO 8601 time, e.g. 2026-01-31T12:00:00Z.' })
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
  cursor: z.string().max(200).optional(),
});
export type List = z.infer<typeof listSchema>;

export const verificationListSchema = z
  .object({
    data: z.array(verificationSchema),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'VerificationList' });
