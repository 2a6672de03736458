import { z } from 'zod';
import type { Preview } from './preview.service';

const decision = z.strictObject({
  rule: z
    .string()
    .describe('The family and the rule, e.g. `blocks.prefix`, `limits.number`, `recipient.lock`'),
  outcome: z
    .enum(['allowed', 'refused', 'challenged', 'shadow', 'skipped'])
    .describe('`shadow`: would refuse if it were enforced. `skipped`: had nothing to judge by'),
  value: z.number().nullable().describe('Measured, in the unit of `limit`'),
  limit: z.number().nullable(),
  until: z.iso.datetime().nullable().describe('When the rule lets it through again; null: not by itself'),
  because: z.string().nullable().describe("A word of the rule's own"),
});

export const previewResponse = z
  .strictObject({
    allowed: z.boolean().describe('A create would be answered with 2xx now'),
    decisions: z.array(decision).describe('In the order in which the rules are asked'),
  })
  .meta({ id: 'DecisionsPreview' });
export type PreviewAnswer = z.infer<typeof previewResponse>;

export function toAnswer({ allowed, decisions }: Preview): PreviewAnswer {
  return {
    allowed,
    decisions: decisions.map(({ rule, outcome, value, limit, until, because = null }) => ({
      rule,
      outcome,
      value,
      limit,
      until: until?.toISOString() ?? null,
      because,
    })),
  };
}
