import type { PhoneNumber, PhoneNumberType } from './phone-number';

/** The part of an application's settings that says whom it may text. */
export interface PhonePolicy {
  /** ISO 3166-1 alpha-2 in upper case. */
  readonly allowedCountries?: readonly string[];
  readonly allowedNumberTypes?: readonly PhoneNumberType[];
}

export type PhoneRefusal = 'country_not_allowed' | 'number_type_not_allowed';

export type PhoneAllowance =
  { readonly allowed: true } | { readonly allowed: false; readonly reason: PhoneRefusal };

/** What can receive a text without costing the caller extra. Fixed lines and premium numbers have to be asked for. */
export const defaultNumberTypes: readonly PhoneNumberType[] = [
  'mobile',
  'fixed_line_or_mobile',
  'voip',
  'personal_number',
];

/**
 * Whether an application may text this number. Without a list of countries a production server texts nobody,
 * because an open list is what toll fraud lives on; elsewhere everybody. Numbers without a country (satellite)
 * are in no list.
 */
export function checkAllowed(
  number: Pick<PhoneNumber, 'country' | 'type'>,
  policy: PhonePolicy,
  isProduction: boolean,
): PhoneAllowance {
  if (!countryAllowed(number.country, policy.allowedCountries, isProduction)) {
    return { allowed: false, reason: 'country_not_allowed' };
  }
  if (!(policy.allowedNumberTypes ?? defaultNumberTypes).includes(number.type)) {
    return { allowed: false, reason: 'number_type_not_allowed' };
  }
  return { allowed: true };
}

function countryAllowed(
  country: string | null,
  allowed: readonly string[] | undefined,
  isProduction: boolean,
): boolean {
  if (allowed === undefined) return !isProduction;
  return country !== null && allowed.includes(country);
}
