/** A phone number that was parsed and is valid: the only form in which numbers travel through the code. */
export interface PhoneNumber {
  /** `+` and up to 15 digits, the one canonical form; every key is built from it. */
  readonly e164: string;
  /** ISO 3166-1 alpha-2, or null for numbers that belong to no country (satellite, `+882`…). */
  readonly country: string | null;
  /** Without the plus, e.g. `34`. */
  readonly callingCode: string;
  readonly type: PhoneNumberType;
  readonly national: string;
  readonly international: string;
}

export const phoneNumberTypes = [
  'mobile',
  'fixed_line',
  'fixed_line_or_mobile',
  'voip',
  'personal_number',
  'toll_free',
  'premium_rate',
  'shared_cost',
  'uan',
  'pager',
  'voicemail',
  'unknown',
] as const;
export type PhoneNumberType = (typeof phoneNumberTypes)[number];

const SHOWN_DIGITS = 2;
/** Below this many digits after the calling code, two shown digits would leave too few numbers to hide among. */
const MIN_DIGITS_TO_SHOW_ANY = 7;

/**
 * `+34600123456` becomes `+34*******56`: calling code and the last two digits, for logs and audit events.
 * The short numbers of small countries (`+6834002`) show their calling code only. The length stays visible.
 */
export function maskNumber(number: Pick<PhoneNumber, 'e164' | 'callingCode'>): string {
  const prefix = number.callingCode.length + 1;
  const digits = number.e164.length - prefix;
  const shown = digits < MIN_DIGITS_TO_SHOW_ANY ? 0 : SHOWN_DIGITS;
  const end = number.e164.length - shown;
  return number.e164.slice(0, prefix) + '*'.repeat(end - prefix) + number.e164.slice(end);
}
