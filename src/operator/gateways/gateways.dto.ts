import { z } from 'zod';
import { channels } from '../../common/channel';
import { moneyAnswer } from '../../common/money.dto';
import { text } from '../../common/zod-text';

const rate = z.number().nullable().describe('0 to 1; null without calls');

export const gatewaysAnswer = z
  .strictObject({
    data: z.array(
      z
        .strictObject({
          name: z.string(),
          title: z.string(),
          channels: z.array(z.enum(channels)),
          routes: z
            .array(z.strictObject({ channel: z.enum(channels), countries: z.array(z.string()) }))
            .describe('Where the routes of the server lead to it'),
          active: z.int().describe('Calls under way'),
          waiting: z.int().describe('Calls that wait for their turn'),
          pauses: z
            .array(
              z.strictObject({
                channel: z.enum(channels),
                sender: z
                  .string()
                  .nullable()
                  .describe('A number by its last four digits; null: whoever sends'),
                until: z.iso.datetime(),
              }),
            )
            .describe('Where the vendor asked to be left alone'),
          calls: z.int().describe('Of the last minutes, as far as they say something about the gateway'),
          successRate: rate,
          latencyMs: z.strictObject({ p50: z.int().nullable(), p95: z.int().nullable() }),
          duplicates: z.int().describe('Messages that another gateway sent as well, since the start'),
          breakers: z.array(
            z.strictObject({
              country: z.string().nullable(),
              channel: z.enum(channels),
              state: z.enum(['closed', 'open', 'half-open']),
              cause: z.enum(['calls', 'receipts', 'conversions']).nullable().describe('What opened it'),
              retryAt: z.iso.datetime().nullable(),
              calls: z.int(),
              successRate: rate,
            }),
          ),
          balance: moneyAnswer
            .extend({ at: z.iso.datetime() })
            .nullable()
            .describe('As the vendor told within the last minutes; null when it does not tell'),
          droppedReceipts: z
            .int()
            .describe('Receipts that led to nothing since the start; why is in the log, once a minute'),
          receiptUrl: z
            .string()
            .nullable()
            .describe(
              'To be set up at the vendor where receipts do not find us by themselves. Holds a secret',
            ),
          supports: z.strictObject({ receipts: z.boolean(), balance: z.boolean(), prices: z.boolean() }),
        })
        .meta({ id: 'Gateway' }),
    ),
  })
  .meta({ id: 'GatewayList' });
export type GatewaysAnswer = z.infer<typeof gatewaysAnswer>;
export type GatewayAnswer = GatewaysAnswer['data'][number];

export const testSendBody = z.strictObject({
  to: z
    .string()
    .min(1)
    .max(254)
    .describe('Number in E.164, or national with `country`; e-mail address on `email`'),
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/, 'Use an ISO 3166-1 alpha-2 code, e.g. ES.')
    .optional(),
  channel: z.enum(channels).optional().describe('Default: `sms`'),
  text: text({ max: 160 }).optional().describe('Default: a sentence that says it is a test'),
});
export type TestSend = z.output<typeof testSendBody>;

export const testSendAnswer = z
  .strictObject({
    outcome: z.enum(['accepted', 'rejected', 'unknown']),
    reason: z.string().nullable().describe('Why not, in the words of docs/gateways.md'),
    vendorCode: z.string().nullable().describe("The vendor's own code for it"),
    reference: z.string().nullable().describe("The vendor's id of the message"),
    parts: z.int().nullable(),
    latencyMs: z.int().nullable(),
    estimate: moneyAnswer.nullable().describe('By the price book'),
    price: moneyAnswer.nullable().describe('As the gateway said'),
  })
  .meta({ id: 'TestSendResult' });
export type TestSendAnswer = z.infer<typeof testSendAnswer>;
