/** What a backend says to begin a process, and what it gets for its result. */
import { z } from 'zod';
import { channels } from '../../common/channel';
import { countrySchema, emailSchema, metadataSchema, numberSchema } from '../../common/person.dto';
import { purposeSchema } from '../../common/purpose.dto';
import { text } from '../../common/zod-text';
import { digestSchema, localeSchema, transactionSchema } from '../../sms/settings/text-settings.dto';

const MAX_STATE = 512;
const MAX_ADDRESS = 2_000;

export const createHostedSchema = z
  .strictObject({
    purpose: purposeSchema.optional(),
    to: numberSchema
      .optional()
      .describe('Absent: the person types it. With it, the person cannot say another one'),
    country: countrySchema
      .optional()
      .describe('ISO 3166-1 alpha-2: of a number in national form, or to be chosen first'),
    channels: z
      .array(z.enum(channels, `Use one of ${channels.join(', ')}.`))
      .min(1, 'Name at least one.')
      .refine((list) => new Set(list).size === list.length, 'Name each channel once.')
      .optional()
      .describe(
        'By which the person may ask for the code, the usual one first; absent: as the policy allows',
      ),
    email: emailSchema.optional(),
    transaction: transactionSchema.optional(),
    digest: digestSchema.optional(),
    returnUrl: z
      .string()
      .max(MAX_ADDRESS)
      .optional()
      .describe(
        'Where the page leads with a result: an address of `settings.hosted.returnUrls`, a query may follow',
      ),
    cancelUrl: z
      .string()
      .max(MAX_ADDRESS)
      .optional()
      .describe('Where it leads without one: an address of `settings.hosted.cancelUrls`'),
    origin: z
      .string()
      .max(MAX_ADDRESS)
      .optional()
      .describe(
        'Of the page that carries the component, one of `settings.hosted.origins`: a session instead of a link',
      ),
    locale: localeSchema.optional(),
    state: text({ max: MAX_STATE }).optional().describe('Your own words, given back with the result'),
    send: z
      .literal('now', 'Use now, or leave it out.')
      .optional()
      .describe(
        'Sends to `to` at once, so that the page begins with the code; else the person starts the message',
      ),
    metadata: metadataSchema.optional(),
  })
  .superRefine((body, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (body.origin === undefined && body.returnUrl === undefined)
      issue('returnUrl', 'Say where the page leads with a result; or give origin, for the component.');
    if (body.origin !== undefined && body.returnUrl !== undefined)
      issue('returnUrl', 'The component returns nowhere: leave it out, or leave out origin.');
    if (body.send === 'now' && body.to === undefined)
      issue('send', 'Only to a number that is given: add to.');
  });
export type CreateHosted = z.infer<typeof createHostedSchema>;

export const redeemSchema = z.strictObject({
  resultToken: text({ max: 200 }).describe(
    'Of the return URL (`result`), or of the event `approved` of the component',
  ),
});
export type Redeem = z.infer<typeof redeemSchema>;

const time = z.iso.datetime();

export const hostedSchema = z
  .object({
    id: z
      .string()
      .describe('Keep it in the session of the person who begins: only there it is worth something'),
    url: z.string().optional().describe('Where to send the person, once'),
    sessionToken: z.string().optional().describe('For the component, in the page of `origin`'),
    expiresAt: time.describe('Until then it can be begun'),
  })
  .meta({ id: 'HostedVerification' });
export type HostedAnswer = z.infer<typeof hostedSchema>;

export const redeemedSchema = z
  .object({
    valid: z.literal(true),
    to: z.string().describe('E.164: the number that the person has just proved to hold'),
    purpose: z.string(),
    verificationId: z.string(),
    approvedAt: time,
    transaction: transactionSchema.nullable(),
    digest: digestSchema.nullable(),
    state: z.string().nullable(),
    metadata: z.record(z.string(), z.string()).nullable(),
  })
  .meta({ id: 'RedeemedHostedVerification' });
export type RedeemedAnswer = z.infer<typeof redeemedSchema>;
