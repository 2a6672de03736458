import { z } from 'zod';

const riskCheck = z.strictObject({
  check: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'Use the name of a risk check, e.g. turnstile.')
    .describe('Name of a check that the server has settings for'),
  when: z
    .enum(['always', 'on_step_up'], 'Use always or on_step_up.')
    .default('always')
    .describe('`on_step_up`: only when another check or the pumping guard wants it; for challenges'),
  onUnavailable: z
    .enum(['open', 'closed'], 'Use open or closed.')
    .default('closed')
    .describe('What a check that came to no verdict means: `open` sends, `closed` answers 503'),
});
export type RiskCheckSetting = z.infer<typeof riskCheck>;

export const riskFields = {
  riskChecks: z
    .array(riskCheck)
    .max(5, 'Use at most 5 checks.')
    .refine((list) => new Set(list.map(({ check }) => check)).size === list.length, 'Name each check once.')
    .describe('What is asked before a verification is created; at most one may ask the person'),
};
