/**
 * Why an input is not a valid phone number, once: `reason` of `phone_invalid` and of
 * `POST /v1/phone-numbers/validate`. Clients switch on these: never rename one.
 */
export const phoneProblems = [
  /** Letters, an extension, control characters, other junk, or no digit at all. */
  'not_a_number',
  'too_short',
  'too_long',
  /** A national number, and neither the call nor the server names a country. */
  'country_required',
  /** The calling code or the given `country` does not exist. */
  'unknown_country',
  /** The country's numbering plan has no such number. */
  'invalid_for_country',
  /** As before its country gave its numbers more digits: only the owner knows the one of today. */
  'outdated_format',
] as const;
export type PhoneProblem = (typeof phoneProblems)[number];

/** For developers, with the remedy; never holds the input. */
export const phoneProblemMessages: Readonly<Record<PhoneProblem, string>> = {
  not_a_number:
    'is not a phone number: use digits, spaces and the punctuation + - . / ( ), without letters or an extension',
  too_short: 'has too few digits for a phone number of that country',
  too_long: 'is longer than a phone number of that country can be',
  country_required: 'is a national number: write it as +<calling code><number> or send its country',
  unknown_country: 'has a country or calling code that does not exist',
  invalid_for_country: 'does not exist in the numbering plan of its country',
  outdated_format:
    'is as before its country gave its numbers more digits (Brazil: a 9 behind the area code): ask for the number of today',
};
