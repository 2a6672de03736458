import {
  getCountryCallingCode,
  isSupportedCountry,
  ParseError,
  parsePhoneNumberWithError,
  validatePhoneNumberLength,
  type CountryCode,
  type PhoneNumber as ParsedNumber,
  type PhoneNumberType as LibraryType,
} from 'libphonenumber-js/max';
import { twinOf, withAdded, withoutDropped } from './current-form';
import { dialledDigits, MAX_INPUT_LENGTH } from './dialled-digits';
import type { PhoneNumber, PhoneNumberType } from './phone-number';
import { defaultNumberTypes } from './phone-policy';
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
function parseDialled(written: string, country: CountryCode | null): ParsedPhoneNumber {
  // No calling code begins with a zero: somebody wrote both.
  const digits = written.replace(/^\+00/, '+');
  const dialled00 = digits.startsWith('00') ? parseDigits(`+${digits.slice(2)}`, null) : null;
  if (country === null && !digits.startsWith('+')) return dialled00 ?? refused('country_required');
  const parsed = parseDigits(digits, country);
  if (parsed.ok) return withCallingCode(parsed, digits, country) ?? parsed;
  return dialled00?.ok ? dialled00 : parsed;
}

const isTextable = ({ type }: PhoneNumber): boolean => defaultNumberTypes.includes(type);

/**
 * `49 1512 3456789` in Germany is +49 1512 3456789, a mobile number without its plus. The library takes it for a fixed
 * line of the area 4915 wherever that is as long as one may be.
 * @param asNational what the digits are without a calling code
 */
function withCallingCode(
  asNational: ParsedPhoneNumber & { ok: true },
  digits: string,
  country: CountryCode | null,
): ParsedPhoneNumber | null {
  if (country === null || isTextable(asNational.number)) return null;
  if (!digits.startsWith(getCountryCallingCode(country))) return null;
  const asInternational = parseDigits(`+${digits}`, null);
  return asInternational.ok && isTextable(asInternational.number) ? asInternational : null;
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
  const number = numberOf(parsed);
  if (number !== null) return { ok: true, number: numberAt(twinOf(number.e164)) ?? number };
  const { countryCallingCode: code, nationalNumber } = parsed;
  const current = withoutDropped(code, nationalNumber).map((national) => `+${code}${national}`);
  const known = current.map(numberAt).find((one) => one !== null);
  if (known) return { ok: true, number: known };
  if (isOutdated(parsed)) return refused('outdated_format');
  // What was dropped says nothing about the length.
  return refused(problemOf(validatePhoneNumberLength(current[0] ?? digits, options)));
}

/** With the digits that its plan added it is a number of today. */
function isOutdated({ countryCallingCode, nationalNumber }: ParsedNumber): boolean {
  return withAdded(countryCallingCode, nationalNumber).some((national) => {
    const number = numberAt(`+${countryCallingCode}${national}`);
    return number !== null && isTextable(number);
  });
}

/** @param e164 of a known calling code, and long enough to be parsed */
function numberAt(e164: string | null): PhoneNumber | null {
  return e164 === null ? null : numberOf(parsePhoneNumberWithError(e164, { extract: false }));
}

/** Having a type is the library's own definition of validity; asking once saves a third of the time. */
function numberOf(parsed: ParsedNumber): PhoneNumber | null {
  const type = parsed.getType();
  return type === undefined ? null : describe(parsed, typeNames[type]);
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
