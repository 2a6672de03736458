/** Settings of a gateway whose vendor nobody knows: what its answers say. */
import { z } from 'zod';
import { rejectReasons } from '../../gateway';
import type { RejectReason } from '../../gateway';
import { jsonObject } from '../../../common/json-object';
import { pathSetting, wordsSetting } from './settings';
import { LONGEST_PATTERN, parsePattern } from './text-pattern';
import type { TextPattern } from './text-pattern';

const MAX_REASONS = 10;
const NO_PATTERN = `must be a pattern of RE2 of up to ${LONGEST_PATTERN} characters`;

const patternSetting = z.string().transform((text, context): TextPattern => {
  const pattern = parsePattern(text);
  if (pattern) return pattern;
  context.addIssue(NO_PATTERN);
  return z.NEVER;
});

const reasonsSetting = z.string().transform((text, context): [RejectReason, TextPattern][] => {
  const pairs = Object.entries(jsonObject(text) ?? {}).flatMap(([name, pattern]) => {
    const reason = rejectReasons.find((one) => one === name);
    const parsed = typeof pattern === 'string' ? parsePattern(pattern) : null;
    return [reason && parsed ? ([reason, parsed] as [RejectReason, TextPattern]) : null];
  });
  const known = pairs.filter((pair) => pair !== null);
  if (known.length > 0 && known.length === pairs.length && known.length <= MAX_REASONS) return known;
  context.addIssue(`must be a JSON object of patterns by ${rejectReasons.join(', ')}`);
  return z.NEVER;
});

export const answerSettings = {
  successStatus: z
    .string()
    .regex(/^\s*[2-4](\d\d|xx)\s*(,\s*[2-4](\d\d|xx)\s*)*$/i, 'must be a list such as 200,201 or 2xx')
    .default('2xx')
    .describe('Statuses that mean the text was taken; never a 5xx, which leaves it open'),
  successPath: pathSetting
    .optional()
    .describe('Where the JSON answer says whether the text was taken; needs SUCCESS_VALUE'),
  successValue: wordsSetting
    .optional()
    .describe('Values at SUCCESS_PATH that mean it was; another value is a refusal'),
  referencePath: pathSetting
    .optional()
    .describe('Where the JSON answer names the message; without it, `id` or `messageId`'),
  successPattern: patternSetting
    .optional()
    .describe(
      'Pattern in the answer, whatever its form, that means the text was taken; all else is a refusal',
    ),
  refusalPattern: patternSetting
    .optional()
    .describe('Pattern in the answer that means it was refused, whatever else it says'),
  reasons: reasonsSetting
    .optional()
    .describe(
      'Why it was refused, by patterns in the answer: {"invalid-number":"ERROR:14","no-credit":"ERROR:3$"}',
    ),
  referencePattern: patternSetting
    .optional()
    .describe('Pattern in the answer whose first pair of brackets holds the name of the message'),
};
