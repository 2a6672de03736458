import { z } from 'zod';
import { purposeSchema } from '../../common/purpose.dto';
import { costAnswer, moneyAnswer, toMoneyAnswer, type MoneyAnswer } from '../../common/money.dto';
import type { Money } from '../../common/money';
import { digestSchema, localeSchema, transactionSchema } from '../../sms/settings/text-settings.dto';
import { deliveryStates } from '../slots/slot';
import type { AttemptView } from './read/cost.view';
import type { ListQuery } from './read/reader.service';
import type { DeliveryView, VerificationView } from './read/verification.view';
import { CODE_REMEDY, MAX_CODE_INPUT, normaliseCode } from './start/code';
import { channelSchema, deviceIdSchema } from './start/start.dto';

export const checkSchema = z.strictObject({
  code: z
    .string()
    .max(MAX_CODE_INPUT, 'A code is shorter.')
    .refine((code) => normaliseCode(code) !== null, CODE_REMEDY)
    .describe(
      'As typed or copied: white space, line breaks, hyphens and invisible characters are removed, digits of any script are read, letters upper-cased',
    ),
  transaction: transactionSchema.optional(),
  digest: digestSchema.optional(),
  deviceId: deviceIdSchema.optional(),
});
export type Check = z.infer<typeof checkSchema>;

export const sendSchema = z
  .strictObject({ channel: channelSchema.optional(), locale: localeSchema.optional() })
  .optional();
export type Send = z.infer<typeof sendSchema>;

/** Cancel takes nothing: a property that somebody believes in is refused, as everywhere. */
export const noBodySchema = z.strictObject({}).optional();

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
    test: z
      .boolean()
      .describe('Of a test number: no message was sent, and the code is the one in the settings'),
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
        duplicates: z
          .int()
          .describe('Calls that may have brought the same text again: same code, same expiry'),
        attempts: z
          .array(
            z.object({
              provider: z.string(),
              outcome: z
                .string()
                .describe('`accepted`, `rejected`, `unknown`, or `skipped`: it was not called in its turn'),
              reason: z.string().nullable().describe('In the words of docs/gateways.md'),
              vendorCode: z.string().nullable().describe("The vendor's own code for it"),
              latencyMs: z.int(),
              reference: z.string().nullable().describe("The vendor's id of the message"),
              parts: z.int(),
              estimate: moneyAnswer.nullable().describe('By the price book'),
              price: moneyAnswer.nullable().describe('As the gateway said, at once or in receipts'),
            }),
          )
          .describe('Gateway calls and skipped gateways, in order'),
      }),
    ),
    duplicates: z.int().describe('Over all deliveries so far'),
    cost: costAnswer.describe('Over all gateway calls so far'),
    transaction: transactionSchema.nullable(),
    digest: digestSchema.nullable(),
    metadata: z.record(z.string(), z.string()).nullable(),
  })
  .meta({ id: 'Verification' });
export type VerificationAnswer = z.infer<typeof verificationSchema>;

export const checkAnswerSchema = verificationSchema
  .extend({
    valid: z.boolean().describe('Only `true` in the answer to your own check proves anything'),
  })
  .meta({ id: 'CheckedVerification' });
export type CheckAnswer = z.infer<typeof checkAnswerSchema>;

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
export type ListAnswer = z.infer<typeof verificationListSchema>;

export function toListQuery({ createdAfter, createdBefore, ...query }: List): ListQuery {
  return { ...query, createdAfter: dateOf(createdAfter), createdBefore: dateOf(createdBefore) };
}

const dateOf = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text);

export function toAnswer(view: VerificationView): VerificationAnswer {
  const { createdAt, expiresAt, endedAt, sends, deliveries, cost, metadata } = view;
  return {
    id: view.id,
    status: view.status,
    to: view.to,
    email: view.email,
    country: view.country,
    purpose: view.purpose,
    channel: view.channel,
    codeLength: view.codeLength,
    test: view.test,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    checks: view.checks,
    sends: { used: sends.used, max: sends.max, nextAt: sends.nextAt?.toISOString() ?? null },
    deliveries: deliveries.map(toDeliveryAnswer),
    duplicates: view.duplicates,
    cost: { estimated: cost.estimated.map(toMoneyAnswer), reported: cost.reported.map(toMoneyAnswer) },
    transaction: view.transaction,
    digest: view.digest,
    metadata: metadata && { ...metadata },
  };
}

type DeliveryAnswer = VerificationAnswer['deliveries'][number];

function toDeliveryAnswer(delivery: DeliveryView): DeliveryAnswer {
  const { id, channel, provider, state, attemptedAt, errorCode, parts, duplicates, attempts } = delivery;
  return {
    id,
    channel,
    provider,
    state,
    attemptedAt: attemptedAt?.toISOString() ?? null,
    errorCode,
    parts,
    duplicates,
    attempts: attempts.map(toAttemptAnswer),
  };
}

function toAttemptAnswer(attempt: AttemptView): DeliveryAnswer['attempts'][number] {
  const { provider, outcome, reason, vendorCode, latencyMs, reference, parts } = attempt;
  const [estimate, price] = [shown(attempt.estimate), shown(attempt.price)];
  return { provider, outcome, reason, vendorCode, latencyMs, reference, parts, estimate, price };
}

const shown = (money: Money | null): MoneyAnswer | null => money && toMoneyAnswer(money);
