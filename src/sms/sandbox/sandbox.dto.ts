import { z } from 'zod';
import { pageFields } from '../../common/page-query';
import type { SandboxMessage, SandboxPage } from './sandbox.service';

export const sandboxQuerySchema = z.strictObject({
  to: z.string().max(64).optional().describe('Only texts to this number, in international form'),
  ...pageFields,
});
export type SandboxQueryInput = z.output<typeof sandboxQuerySchema>;

const sandboxMessageSchema = z
  .strictObject({
    id: z.string(),
    to: z.string().describe('E.164'),
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
