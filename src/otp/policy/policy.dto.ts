/** What an application may set about its rules; `applications` composes its settings from it. */
import { z } from 'zod';
import { channels } from '../../common/channel';
import { purposeName } from '../../common/purpose.dto';
import { patchOf } from '../../common/zod-patch';
import { codeAlphabets, deviceRules, pendingRules, transactionRules } from './policy';
import { profiles } from './profile';

const sends = { max: z.int().min(1).max(100), windowSeconds: z.int().min(60).max(86_400) };

/** Only stricter than the default: NIST SP 800-63B-4 §3.2.2 leaves no room to the other side. */
const lock = {
  afterFailures: z.int().min(3).max(10),
  seconds: z.int().min(30).max(3_600),
  knownDevices: z.enum(deviceRules),
};

const rules = {
  codeLength: z.int().min(4).max(10),
  codeAlphabet: z.enum(codeAlphabets),
  ttlSeconds: z.int().min(30).max(86_400),
  maxChecks: z.int().min(1).max(10),
  whenPending: z.enum(pendingRules),
  cooldownSeconds: z.int().min(0).max(3_600),
  transaction: z.enum(transactionRules),
  allowedChannels: z
    .array(z.enum(channels))
    .min(1)
    .max(channels.length)
    .refine((list) => new Set(list).size === list.length, 'Must name each channel at most once.'),
};

const policy = z
  .strictObject({ ...rules, sends: z.strictObject(sends).partial(), lock: z.strictObject(lock).partial() })
  .partial();

export const policyFields = {
  policy,
  purposes: z.record(purposeName, policy),
  profile: z
    .enum(profiles)
    .describe('A standard that policies must meet: sets defaults, and refuses what breaks it'),
};

const policyPatch = patchOf({ ...rules, sends: patchOf(sends), lock: patchOf(lock) });

/** The same for a change. */
export const policyPatchFields = {
  policy: policyPatch,
  purposes: z.record(purposeName, policyPatch.nullable()),
};
