import { z } from 'zod';
import { decodeCursor } from '../../common/page-cursor';
import type { SandboxMessage, SandboxPage } from './sandbox.service';

export const sandboxQuerySchema = z.strictObject({
  to: z.string().max(64).optional().describe('Only texts to this number, in international form'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z
    .string()
    .max(200)
    .transform((cursor, context) => {
      const position = decodeCursor(cursor);
      if (position) return position;
      context.addIssue({ code: 'custom', message: 'Must be the nextCursor of an earlier answer.' });
      return z.NEVER;
    })
    .optional(),
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
