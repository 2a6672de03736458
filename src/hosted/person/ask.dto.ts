/** What a page or a component may ask; forms send text only. */
import { z } from 'zod';
import { channels } from '../../common/channel';

const operation = z.string().regex(/^[\w-]{1,64}$/);
/** An empty field of a form says nothing. */
const empty = z.literal('').transform(() => undefined);
const optional = <T extends z.ZodType>(schema: T) => z.union([empty, schema]).optional();
const channel = optional(z.enum(channels));
const challenge = optional(z.string().max(8_192));

export const sendAsk = z.object({
  operation,
  number: z.string().max(64).optional(),
  country: optional(z.string().regex(/^[A-Za-z]{2}$/)),
  channel,
  challenge,
});
export type SendAsk = z.infer<typeof sendAsk>;

export const resendAsk = z.object({ operation, channel, challenge });
export type ResendAsk = z.infer<typeof resendAsk>;

export const checkAsk = z.object({ code: z.string().max(1_000) });
export const numberAsk = z.object({
  number: z.string().max(64),
  country: optional(z.string().regex(/^[A-Za-z]{2}$/)),
});

export type NumberAsk = z.infer<typeof numberAsk>;

const actions = ['send', 'resend', 'check', 'change', 'cancel'] as const;
export type ActionName = (typeof actions)[number];

export const isActionName = (name: string): name is ActionName =>
  (actions as readonly string[]).includes(name);
