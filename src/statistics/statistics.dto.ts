import { z } from 'zod';
import { channels } from '../common/channel';
import { costAnswer, toMoneyAnswer } from '../common/money.dto';
import { purposeName } from '../common/purpose.dto';
import { gatewayName } from '../sms/gateway-name';
import { groupNames, type GroupName, type Statistics } from './statistics';

const MAX_DAYS = 400;
const DEFAULT_DAYS = 7;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const TIME = 'Use an ISO 8601 day or time with zone, e.g. 2026-01-31 or 2026-01-31T12:00:00Z.';
const instant = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], TIME)
  .transform((text) => new Date(text));

const groups = z
  .string()
  .max(100)
  .transform((text, context): readonly GroupName[] => {
    const names = [...new Set(text.split(',').map((name) => name.trim()))];
    const known = groupNames.filter((name) => names.includes(name));
    if (known.length === names.length) return names as GroupName[];
    context.addIssue({ code: 'custom', message: `Use any of ${groupNames.join(',')}, separated by commas.` });
    return z.NEVER;
  });

export const statisticsQuery = z
  .strictObject({
    from: instant.optional().describe('First moment; default: seven days before `to`'),
    to: instant.optional().describe('First moment that does not count any more; default: now'),
    groupBy: groups
      .optional()
      .describe(
        `Any of ${groupNames.join(', ')}, separated by commas; days are UTC; default: one sum of all`,
      ),
    applicationId: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'Use the id of an application.')
      .optional()
      .describe('Admin key only'),
    country: z
      .string()
      .toUpperCase()
      .regex(/^[A-Z]{2}$/, 'Use an ISO 3166-1 alpha-2 code, e.g. ES.')
      .optional(),
    gateway: gatewayName.optional(),
    channel: z.enum(channels).optional(),
    purpose: purposeName.optional(),
  })
  .transform(({ from, to, groupBy = [], applicationId, ...where }) => {
    const end = hourUp(to ?? new Date());
    const start = from ? hourDown(from) : new Date(end.getTime() - DEFAULT_DAYS * DAY_MS);
    return { from: start, to: end, groupBy, applicationId, where };
  })
  .superRefine(({ from, to }, context) => {
    const days = (to.getTime() - from.getTime()) / DAY_MS;
    if (days <= 0)
      context.addIssue({ code: 'custom', path: ['from'], message: 'Must be before the end of the range.' });
    if (days > MAX_DAYS)
      context.addIssue({ code: 'custom', path: ['from'], message: `Ask for at most ${MAX_DAYS} days.` });
  });
export type StatisticsInput = z.output<typeof statisticsQuery>;

/** What is counted is counted per hour: a range takes the hours that it touches. */
const hourDown = (at: Date): Date => new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
const hourUp = (at: Date): Date => new Date(Math.ceil(at.getTime() / HOUR_MS) * HOUR_MS);

const percentiles = z
  .strictObject({ p50: z.number().nullable(), p95: z.number().nullable() })
  .describe('Seconds, at most 10 % off; null without a single one');

const name = z.string().nullable().optional();

export const statisticsAnswer = z
  .strictObject({
    data: z.array(
      z
        .strictObject({
          day: z.string().optional(),
          application: z.string().optional(),
          country: name.describe('Null: numbers of no country'),
          gateway: name.describe('Null: verifications that no gateway took or may have taken'),
          channel: z.string().optional(),
          purpose: z.string().optional(),
          sends: z.int().describe('Calls to gateways'),
          accepted: z.int().describe('Calls that the gateway took'),
          delivered: z.int().describe('By receipts'),
          undelivered: z.int().describe('By receipts'),
          duplicates: z
            .int()
            .describe('Calls that may have brought the same text again after one with an unknown outcome'),
          skipped: z
            .int()
            .describe('Times it was not called in its turn: open breaker, pause, too many calls, no budget'),
          verifications: z.int().describe('Created'),
          approved: z.int(),
          conversionRate: z.number().nullable().describe('Approved per verification'),
          cost: costAnswer,
          failures: z
            .array(
              z.strictObject({
                reason: z.string(),
                vendorCode: z.string().nullable(),
                count: z.int(),
              }),
            )
            .describe(
              "Calls that were not accepted, by reason and the vendor's own code; the 20 most frequent",
            ),
          timeToDelivery: percentiles,
          timeToApproval: percentiles,
        })
        .meta({ id: 'Statistics' }),
    ),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    hoursBehind: z.int().describe('Hours of the range whose latest changes are not counted yet'),
  })
  .meta({ id: 'StatisticsList' });
export type StatisticsAnswer = z.infer<typeof statisticsAnswer>;

export function toAnswer({ group, cost, failures, ...rest }: Statistics): StatisticsAnswer['data'][number] {
  const { estimated, reported } = cost;
  return {
    // Only the country and the gateway can be null, see the pipeline.
    ...(group as object),
    ...rest,
    cost: { estimated: estimated.map(toMoneyAnswer), reported: reported.map(toMoneyAnswer) },
    failures: failures.map((one) => ({ ...one })),
  };
}
