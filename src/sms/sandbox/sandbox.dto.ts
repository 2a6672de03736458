import { z } from 'zod';
import { channels } from '../../common/channel';
import { pageFields } from '../../common/page-query';
import type { SandboxMessage, SandboxPage } from './sandbox.service';

export const sandboxQuerySchema = z.strictObject({
  to: z
    .string()
    .max(254)
    .optional()
    .describe('Only messages to this number, in international form, or to this e-mail address'),
  ...pageFields,
});
export type SandboxQueryInput = z.output<typeof sandboxQuerySchema>;

const sandboxMessageSchema = z
  .strictObject({
    id: z.string(),
    to: z.string().describe('E.164; the address of an e-mail'),
    channel: z.enum(channels),
    subject: z.string().nullable().describe('Of an e-mail; null on every other channel'),
    text: z.string(),
    code: z.string(),
    sentAt: z.iso.datetime(),
  })
  .meta({ id: 'SandboxMessage' });

export const sandboxMessagesSchema = z
  .strictObject({ data: z.array(sandboxMessageSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'SandboxMessageList' });
export type SandboxMessagesAnswer = z.infer<typeof sandboxMessagesSchema>;

export function toAnswer({ data, nextCursor }: SandboxPage): SandboxMessagesAnswer {
  return { data: data.map(toMessage), nextCursor };
}

function toMessage({ sentAt, ...message }: SandboxMessage): SandboxMessagesAnswer['data'][number] {
  return { ...message, sentAt: sentAt.toISOString() };
}
