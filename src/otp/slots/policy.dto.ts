/** What an application may set about its rules; `applications` composes its settings from it. */
import { z } from 'zod';
import { purposeName } from '../../common/purpose.dto';
import { patchOf } from '../../common/zod-patch';
import { codeAlphabets, pendingRules } from './policy';

const sends = { max: z.int().min(1).max(100), windowSeconds: z.int().min(60).max(86_400) };

const rules = {
  codeLength: z.int().min(4).max(10),
  codeAlphabet: z.enum(codeAlphabets),
  ttlSeconds: z.int().min(30).max(86_400),
  maxChecks: z.int().min(1).max(10),
  whenPending: z.enum(pendingRules),
  cooldownSeconds: z.int().min(0).max(3_600),
};

const policy = z.strictObject({ ...rules, sends: z.strictObject(sends).partial() }).partial();

export const policyFields = { policy, purposes: z.record(purposeName, policy) };

const policyPatch = patchOf({ ...rules, sends: patchOf(sends) });

/** The same for a change. */
export const policyPatchFields = {
  policy: policyPatch,
  purposes: z.record(purposeName, policyPatch.nullable()),
};
