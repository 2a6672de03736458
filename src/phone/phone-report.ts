import type { ParsedPhoneNumber } from './parse-phone-number';
import type { PhoneNumber, PhoneNumberType } from './phone-number';
import type { PhoneAllowance, PhoneRefusal } from './phone-policy';
import type { PhoneProblem } from './phone-problem';

/** Everything there is to say about an input; null what does not apply. */
export interface PhoneNumberReport {
  readonly valid: boolean;
  /** Why it is not valid. */
  readonly reason: PhoneProblem | null;
  readonly e164: string | null;
  readonly national: string | null;
  readonly international: string | null;
  readonly country: string | null;
  readonly callingCode: string | null;
  readonly type: PhoneNumberType | null;
  /** Whether the application may send to it. */
  readonly allowed: boolean;
  readonly allowedReason: PhoneRefusal | null;
}

/** Nothing but the reason is said about an input that is no number: `allowed` is false then, without a rule of its own. */
const nothingKnown: PhoneNumberReport = {
  valid: false,
  reason: null,
  e164: null,
  national: null,
  international: null,
  country: null,
  callingCode: null,
  type: null,
  allowed: false,
  allowedReason: null,
};

/** What the validation endpoint says about an input. `allowanceOf` is asked for valid numbers only. */
export function reportOn(
  parsed: ParsedPhoneNumber,
  allowanceOf: (number: PhoneNumber) => PhoneAllowance,
): PhoneNumberReport {
  if (!parsed.ok) return { ...nothingKnown, reason: parsed.reason };
  const { e164, national, international, country, callingCode, type } = parsed.number;
  const allowance = allowanceOf(parsed.number);
  return {
    valid: true,
    reason: null,
    e164,
    national,
    international,
    country,
    callingCode,
    type,
    allowed: allowance.allowed,
    allowedReason: allowance.allowed ? null : allowance.reason,
  };
}
