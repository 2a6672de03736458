/** When a generic gateway has taken a text, as its settings say. */
import type { HttpResponse } from '../../../common/outbound/http-client';
import type { SmsOutcome } from '../../gateway';
import { outcomeOfStatus } from '../gateway-answer';
import { parseJson, readJsonPath, scalarText } from './json-path';
import type { JsonPath } from './json-path';

export interface SuccessRule {
  /** `200`, `2xx`. */
  readonly statuses: readonly string[];
  /** Where the answer says whether it went well, and with which words (in lower case). */
  readonly says: { readonly path: JsonPath; readonly values: readonly string[] } | null;
}

/**
 * - A status that is not listed is judged as everywhere; only that another 2xx promises nothing.
 * - A listed one is accepted, unless the answer has to say so too: then another word is a refusal, of which nobody
 *   knows whether it is about the text or the gateway, so the next gateway is tried. An answer without the word, or
 *   without JSON, promises nothing.
 */
export function judge({ statuses, says }: SuccessRule, { status, body }: HttpResponse): SmsOutcome {
  const vendorCode = String(status);
  const code = [vendorCode, `${vendorCode.slice(0, 1)}xx`];
  if (!code.some((one) => statuses.includes(one))) {
    const outcome = outcomeOfStatus(status);
    return outcome.outcome === 'accepted' ? { outcome: 'unknown', vendorCode } : outcome;
  }
  if (!says) return { outcome: 'accepted' };
  const word = scalarText(readJsonPath(parseJson(body), says.path));
  if (word === undefined) return { outcome: 'unknown', vendorCode };
  if (says.values.includes(word.toLowerCase())) return { outcome: 'accepted' };
  return { outcome: 'rejected', reason: 'refused', vendorCode };
}
