import type { ParsedPhoneNumber } from './parse-phone-number';
import type { PhoneNumberReport } from './phone-numbers.dto';
import type { PhoneAllowance } from './phone-policy';
import type { PhoneNumber } from './phone-number';

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
