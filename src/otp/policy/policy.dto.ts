/** What an application may set about its rules; `applications` composes its settings from it. */
import { z } from 'zod';
import { channels } from '../../common/channel';
import { purposeName } from '../../common/purpose.dto';
import { patchOf } from '../../common/zod-patch';
import {
  codeAlphabets,
  deviceRules,
  lifeProblem,
  MAX_LONG_TTL_SECONDS,
  MAX_TTL_SECONDS,
  pendingRules,
  transactionRules,
} from './policy';
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
  ttlSeconds: z
    .int()
    .min(30)
    .max(MAX_TTL_SECONDS, lifeProblem(MAX_LONG_TTL_SECONDS, false) ?? undefined),
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

/** Only a purpose may have codes that live for weeks: said once for all purposes, it would be forgotten. */
const purposeRules = {
  ...rules,
  ttlSeconds: z
    .int()
    .min(30)
    .max(MAX_LONG_TTL_SECONDS)
    .describe(`Above ${MAX_TTL_SECONDS} only with longLived`),
  longLived: z
    .boolean()
    .describe(
      `Codes of this purpose may live for up to ${MAX_LONG_TTL_SECONDS} s, 30 days: far beyond what NIST allows`,
    ),
};

const parts = { sends: z.strictObject(sends).partial(), lock: z.strictObject(lock).partial() };
const policy = z.strictObject({ ...rules, ...parts }).partial();
const purposePolicy = z.strictObject({ ...purposeRules, ...parts }).partial();

export const policyFields = {
  policy,
  purposes: z.record(purposeName, purposePolicy),
  profile: z
    .enum(profiles)
    .describe('A standard that policies must meet: sets defaults, and refuses what breaks it'),
};

const partPatches = { sends: patchOf(sends), lock: patchOf(lock) };
const policyPatch = patchOf({ ...rules, ...partPatches });
const purposePatch = patchOf({ ...purposeRules, ...partPatches });

/** The same for a change. */
export const policyPatchFields = {
  policy: policyPatch,
  purposes: z.record(purposeName, purposePatch.nullable()),
};
