/** When a generic gateway has taken a text, and under which name, as its settings say. */
import type { HttpResponse } from '../../../common/outbound/http-client';
import type { RejectReason, SmsOutcome } from '../../gateway';
import { isObject } from '../../../common/json-object';
import { idText, outcomeOfStatus } from '../gateway-answer';
import { parseJson, readJsonPath, scalarText } from './json-path';
import type { JsonPath } from './json-path';
import { wordsOf } from './settings';
import type { TextPattern } from './text-pattern';

export interface AnswerRule {
  /** `200`, `2xx`; several with commas between. */
  readonly successStatus: string;
  /** Where the answer says whether it went well, and with which words (in lower case). */
  readonly successPath?: JsonPath | undefined;
  readonly successValue?: readonly string[] | undefined;
  readonly successPattern?: TextPattern | undefined;
  readonly refusalPattern?: TextPattern | undefined;
  /** Why it was refused, by what stands in the answer; the first that fits. */
  readonly reasons?: readonly (readonly [reason: RejectReason, pattern: TextPattern])[] | undefined;
  readonly referencePath?: JsonPath | undefined;
  readonly referencePattern?: TextPattern | undefined;
}

/**
 * - A status that is not listed is judged as everywhere; only that another 2xx promises nothing.
 * - A listed one is accepted, unless the answer has to say so too: then another word is a refusal of which nobody
 *   knows whether it is about the text or the gateway, so the next gateway is tried. An answer without a word, without
 *   JSON where a path is set, or without anything, promises nothing.
 */
export function judge(rule: AnswerRule, { status, body }: HttpResponse): SmsOutcome {
  const vendorCode = String(status);
  const statuses = wordsOf(rule.successStatus);
  const isListed = [vendorCode, `${vendorCode.slice(0, 1)}xx`].some((one) => statuses.includes(one));
  const outcome = isListed ? judgeListed(rule, body, vendorCode) : judgeOther(status, vendorCode);
  if (outcome.outcome !== 'rejected') return outcome;
  const reason = rule.reasons?.find(([, pattern]) => pattern.find(body) !== null)?.[0];
  return reason ? { ...outcome, reason } : outcome;
}

function judgeOther(status: number, vendorCode: string): SmsOutcome {
  const outcome = outcomeOfStatus(status);
  return outcome.outcome === 'accepted' ? { outcome: 'unknown', vendorCode } : outcome;
}

function judgeListed(rule: AnswerRule, body: string, vendorCode: string): SmsOutcome {
  const refused: SmsOutcome = { outcome: 'rejected', reason: 'refused', vendorCode };
  const { successPath, successValue, successPattern, refusalPattern } = rule;
  if (refusalPattern && refusalPattern.find(body) !== null) return refused;
  if (successPattern) {
    if (body.trim() === '') return { outcome: 'unknown', vendorCode };
    return successPattern.find(body) === null ? refused : { outcome: 'accepted' };
  }
  if (!successPath || !successValue) return { outcome: 'accepted' };
  const word = scalarText(readJsonPath(parseJson(body), successPath));
  if (word === undefined) return { outcome: 'unknown', vendorCode };
  return successValue.includes(word.toLowerCase()) ? { outcome: 'accepted' } : refused;
}

/** The vendor's id of a message that was taken; without a setting, `id` or `messageId` of a JSON answer. */
export function referenceIn(
  { referencePath, referencePattern }: AnswerRule,
  body: string,
): string | undefined {
  if (referencePattern) return idText(referencePattern.find(body)?.trim());
  const answer = parseJson(body);
  if (referencePath) return scalarText(readJsonPath(answer, referencePath));
  return isObject(answer) ? (idText(answer['id']) ?? idText(answer['messageId'])) : undefined;
}
