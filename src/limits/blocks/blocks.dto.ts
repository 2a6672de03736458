import { z } from 'zod';
import { pageFields } from '../../common/page-query';
import { text } from '../../common/zod-text';
import { blockKinds, blockLists, type Block } from './block';

const inFuture = z.iso
  .datetime({ offset: true, error: 'Must be an ISO 8601 time with zone, e.g. 2026-01-31T12:00:00Z.' })
  .transform((time) => new Date(time))
  .refine((time) => time.getTime() > Date.now(), 'Must be in the future.');

const list = z
  .enum(blockLists)
  .describe('`block`: not sent to. `allow`: sent to, whatever a broader entry of `block` says');

const kind = z.enum(blockKinds).describe('From the narrowest to the broadest; the narrowest entry decides');

const value = text({ max: 128 }).describe(
  'By `kind`: a number in E.164; a `deviceId`; an address or a network (`192.0.2.0/24`) of `clientIp`; the first ' +
    'digits of numbers in E.164 (`+34600`), leaving a thousand at least; an ISO 3166-1 alpha-2 code',
);

export const createBlockBody = z.strictObject({
  list,
  kind,
  value,
  reason: text({ max: 200 }).describe('In your words, without personal data; shown with the entry'),
  expiresAt: inFuture.nullish().describe('Ends by itself then; null: only when it is removed'),
});
export type CreateBlock = z.output<typeof createBlockBody>;

export const lookUpBlockBody = z.strictObject({ kind, value });
export type LookUpBlock = z.output<typeof lookUpBlockBody>;

export const blocksQuery = z.strictObject({
  list: z.enum(blockLists).optional(),
  kind: z.enum(blockKinds).optional(),
  ...pageFields,
});
export type BlocksQueryInput = z.output<typeof blocksQuery>;

export const blockResponse = z
  .strictObject({
    id: z.string().describe('The same for the same list, kind and value'),
    list: z.enum(blockLists),
    kind: z.enum(blockKinds),
    value: z.string().nullable().describe('A number is masked, a device is not shown'),
    reason: z.string().describe('`stop`: the person asked for it, as `author` reported'),
    author: z.string().describe('`key:<id>`; `receipt:<gateway>` or `gateway:<gateway>` for a STOP'),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Block' });
export type BlockAnswer = z.infer<typeof blockResponse>;

export const blockListResponse = z
  .strictObject({ data: z.array(blockResponse).readonly(), nextCursor: z.string().nullable() })
  .meta({ id: 'BlockList' });
export type BlockListAnswer = z.infer<typeof blockListResponse>;

export function toBlockAnswer({ id, list, kind, shown, reason, author, ...times }: Block): BlockAnswer {
  return {
    id,
    list,
    kind,
    value: shown,
    reason,
    author,
    createdAt: times.createdAt.toISOString(),
    expiresAt: times.expiresAt?.toISOString() ?? null,
  };
}
