import {
  isSupportedCountry,
  ParseError,
  parsePhoneNumberWithError,
  validatePhoneNumberLength,
  type CountryCode,
  type PhoneNumber as ParsedNumber,
  type PhoneNumberType as LibraryType,
} from 'libphonenumber-js/max';
import { dialledDigits, MAX_INPUT_LENGTH } from './dialled-digits';
import type { PhoneNumber, PhoneNumberType } from './phone-number';
import type { PhoneProblem } from './phone-problem';

export type ParsedPhoneNumber =
  { readonly ok: true; readonly number: PhoneNumber } | { readonly ok: false; readonly reason: PhoneProblem };

/** Typed by the library's own list, so that a type it adds does not compile until it has a name here. */
const typeNames: Readonly<Record<LibraryType, PhoneNumberType>> = {
  MOBILE: 'mobile',
  FIXED_LINE: 'fixed_line',
  FIXED_LINE_OR_MOBILE: 'fixed_line_or_mobile',
  VOIP: 'voip',
  PERSONAL_NUMBER: 'personal_number',
  TOLL_FREE: 'toll_free',
  PREMIUM_RATE: 'premium_rate',
  SHARED_COST: 'shared_cost',
  UAN: 'uan',
  PAGER: 'pager',
  VOICEMAIL: 'voicemail',
};

/**
 * From free input to the one canonical E.164, or the reason why there is none.
 *
 * A number in international form (`+…`, the international prefix of `defaultCountry`, or `00`, unless that is
 * a number of the country) speaks for itself: `defaultCountry` is then only checked to exist. It must not
 * contradict, because people with a Jersey or Canadian number pick "United Kingdom" or "United States" in forms,
 * and because a form's country is often guessed from an IP address.
 *
 * Pure; 10–30 µs, so nothing is cached. Valid means: the numbering plan has this number, not: someone owns it.
 */
export function parsePhoneNumber(
  input: string,
  options: { readonly defaultCountry?: string | null } = {},
): ParsedPhoneNumber {
  if (input.length > MAX_INPUT_LENGTH) return refused('too_long');
  const country = options.defaultCountry ?? null;
  if (country !== null && !isCountry(country)) return refused('unknown_country');
  const digits = dialledDigits(input);
  return digits === null ? refused('not_a_number') : parseDialled(digits, country);
}

/** `00` is what the ITU recommends, so people type it also where another prefix leads abroad. */
function parseDialled(digits: string, country: CountryCode | null): ParsedPhoneNumber {
  const dialled00 = digits.startsWith('00') ? parseDigits(`+${digits.slice(2)}`, null) : null;
  if (country === null && !digits.startsWith('+')) return dialled00 ?? refused('country_required');
  const parsed = parseDigits(digits, country);
  return !parsed.ok && dialled00?.ok ? dialled00 : parsed;
}

/** ISO 3166-1 alpha-2 in upper case, with a numbering plan. */
export function isCountry(value: string): value is CountryCode {
  return isSupportedCountry(value);
}

function refused(reason: PhoneProblem): ParsedPhoneNumber {
  return { ok: false, reason };
}

function parseDigits(digits: string, country: CountryCode | null): ParsedPhoneNumber {
  const options = { extract: false, ...(country !== null && { defaultCountry: country }) };
  let parsed: ParsedNumber;
  try {
    parsed = parsePhoneNumberWithError(digits, options);
  } catch (error) {
    if (error instanceof ParseError) return refused(problemOf(error.message));
    throw error;
  }
  // Having a type is the library's own definition of validity; asking once saves a third of the time.
  const type = parsed.getType();
  if (type === undefined) return refused(problemOf(validatePhoneNumberLength(digits, options)));
  return { ok: true, number: describe(parsed, typeNames[type]) };
}

function problemOf(libraryReason: string | undefined): PhoneProblem {
  switch (libraryReason) {
    case 'TOO_SHORT':
      return 'too_short';
    case 'TOO_LONG':
      return 'too_long';
    case 'NOT_A_NUMBER':
      return 'not_a_number';
    case 'INVALID_COUNTRY':
      return 'unknown_country';
    default:
      return 'invalid_for_country';
  }
}

function describe(parsed: ParsedNumber, type: PhoneNumberType): PhoneNumber {
  return {
    e164: parsed.number,
    country: parsed.country ?? null,
    callingCode: parsed.countryCallingCode,
    type,
    // Formatting costs as much as parsing and only the validation endpoint shows it: done when read.
    get national() {
      return parsed.formatNational();
    },
    get international() {
      return parsed.formatInternational();
    },
  };
}
