import { z } from 'zod';
import { channels } from '../../common/channel';
import { purposeName } from '../../common/purpose.dto';
import { codeAlphabets, deviceRules, pendingRules, transactionRules } from '../../otp/policy/policy';
import { profiles } from '../../otp/policy/profile';
import type { PolicyReport } from './policy-report';

export const policyQuery = z.strictObject({
  purpose: purposeName.default('default').describe('Need not be one that is in use'),
});
export type PolicyQuery = z.output<typeof policyQuery>;

const effective = z.strictObject({
  profile: z.enum(profiles).nullable(),
  codeLength: z.int(),
  codeAlphabet: z.enum(codeAlphabets),
  ttlSeconds: z.int(),
  longLived: z.boolean().describe('A call may ask for up to 30 days'),
  maxChecks: z.int(),
  whenPending: z.enum(pendingRules),
  sends: z.strictObject({ max: z.int(), windowSeconds: z.int() }),
  cooldownSeconds: z.int(),
  lock: z.strictObject({ afterFailures: z.int(), seconds: z.int(), knownDevices: z.enum(deviceRules) }),
  transaction: z.enum(transactionRules),
  allowedChannels: z
    .array(z.enum(channels))
    .describe('Allowed by the policy, and sms or with a gateway routed for it'),
  restricted: z
    .boolean()
    .describe('Codes may travel by the telephone network, a restricted channel (NIST SP 800-63B-4 §3.2.9)'),
  auditRetentionDays: z.int(),
  testNumbers: z.int().describe('Numbers that have a fixed code now'),
});

const clause = z.strictObject({
  source: z.string().describe('The standard'),
  clause: z.string().describe('As the standard numbers it'),
  met: z.boolean().describe('False also for what only your application can meet'),
  because: z.string().describe('The value and the bound, or what the product does, in plain words'),
});

export const policyAnswer = z
  .strictObject({
    purpose: z.string(),
    effective: effective.describe('What the next create of this purpose goes by'),
    clauses: z.array(clause),
  })
  .meta({ id: 'PolicyReport' });
export type PolicyAnswer = z.output<typeof policyAnswer>;

export function toAnswer({
  purpose,
  effective: { allowedChannels, ...rules },
  clauses,
}: PolicyReport): PolicyAnswer {
  return {
    purpose,
    effective: { ...rules, allowedChannels: [...allowedChannels] },
    clauses: clauses.map(({ source, clause: name, met, because }) => ({
      source,
      clause: name,
      met,
      because,
    })),
  };
}
