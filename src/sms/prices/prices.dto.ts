import { z } from 'zod';
import { channels } from '../../common/channel';
import { formatMoney } from '../../common/money';
import { MAX_ROWS } from './price-import';
import { gatewayName } from '../gateway-name';
import { priceId, priceSources, type Price } from './price';

const gateway = z.string().max(40).describe('Name of a gateway, as in `SMS_ROUTES`');
const country = z.string().max(2).describe('ISO 3166-1 alpha-2, or `*` for all other countries');

/** What the values must be is told by `price-import.ts`, the same for JSON and CSV. */
export const importPricesBody = z.strictObject({
  prices: z
    .array(
      z.strictObject({
        gateway,
        country,
        channel: z
          .string()
          .max(20)
          .describe(`One of ${channels.join(', ')}`),
        price: z.union([z.string().max(40), z.number()], 'Use a decimal number, e.g. "0.0345".'),
        currency: z.string().max(8).describe("ISO 4217, or `CREDITS` for a vendor's own units"),
      }),
    )
    .max(MAX_ROWS, `Import at most ${MAX_ROWS} prices at a time.`)
    .describe('Per part of a text, call, e-mail or WhatsApp message'),
  replace: z
    .boolean()
    .optional()
    .describe('True: these take the place of everything imported before. Default false'),
});
/** For the document of a route whose body may also be CSV. */
export const importPricesJson = z.toJSONSchema(importPricesBody, {
  io: 'input',
  target: 'openapi-3.0',
}) as object;
export type ImportPrices = z.output<typeof importPricesBody>;

/** For CSV, which has no place for it in the body. */
export const importPricesQuery = z.strictObject({ replace: z.stringbool().optional() });
export type ImportPricesQuery = z.output<typeof importPricesQuery>;

export const importAnswer = z
  .strictObject({ imported: z.int().describe('Prices stored') })
  .meta({ id: 'PriceImportResult' });
export type ImportAnswer = z.infer<typeof importAnswer>;

export const downloadPricesBody = z.strictObject({ gateway });
export type DownloadPrices = z.output<typeof downloadPricesBody>;

export const pricesQuery = z.strictObject({
  gateway: gatewayName.optional(),
  country: z
    .string()
    .toUpperCase()
    .regex(/^(?:[A-Z]{2}|\*)$/, 'Use an ISO 3166-1 alpha-2 code, e.g. ES, or *.')
    .optional(),
  channel: z.enum(channels).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,200}$/, 'Use nextCursor of the page before.')
    .transform((cursor) => Buffer.from(cursor, 'base64url').toString())
    .optional(),
});
export type PricesQueryInput = z.output<typeof pricesQuery>;

const priceAnswer = z
  .strictObject({
    gateway: z.string(),
    country: z.string(),
    channel: z.enum(channels),
    price: z.string().describe('Six decimals, e.g. `0.034500`'),
    currency: z.string(),
    source: z.enum(priceSources).describe('An imported price comes before one from the vendor'),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Price' });

export const priceListAnswer = z
  .strictObject({ data: z.array(priceAnswer), nextCursor: z.string().nullable() })
  .meta({ id: 'PriceList' });
export type PriceListAnswer = z.infer<typeof priceListAnswer>;

/** @param rows up to one more than `limit`, which only tells that there is a next page */
export function toPriceList(rows: readonly Price[], limit: number): PriceListAnswer {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(toAnswer),
    nextCursor: rows.length > limit && last ? Buffer.from(priceId(last)).toString('base64url') : null,
  };
}

function toAnswer({ price, updatedAt, ...rest }: Price): z.infer<typeof priceAnswer> {
  const { currency } = price;
  return { ...rest, price: formatMoney(price), currency, updatedAt: updatedAt.toISOString() };
}
