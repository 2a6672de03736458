/** The values of entries in the one form in which sends are compared with them. */
import { canonicalRange } from '../../../access/credentials/allowed-ips';
import { readIpAddress } from '../../../common/ip-address';
import { withAsciiDigits } from '../../../common/written-digits';
import { dialledDigits } from '../../../phone/dialled-digits';
import { isCountry, parsePhoneNumber } from '../../../phone/parse-phone-number';
import { defaultNumberTypes } from '../../../phone/phone-policy';
import { withoutTunnel } from '../../client-ip';

export type ReadValue = { readonly value: string } | { readonly problem: string };

/** ISO 3166-1 alpha-2 in upper case, from either. */
export function readCountry(text: string): ReadValue {
  // Some letters outside ASCII become two of it in upper case: `ſs` would be South Sudan.
  const country = /^[A-Za-z]{2}$/.test(text) ? text.toUpperCase() : '';
  return isCountry(country)
    ? { value: country }
    : { problem: 'Must be an ISO 3166-1 alpha-2 code, such as ES.' };
}

/** Always with its length, so that one address cannot stand in a list under two spellings. */
export function readRange(text: string): ReadValue {
  const written = readIpAddress(text);
  if (written) {
    const address = withoutTunnel(written);
    return { value: `${address.toString()}/${address.kind() === 'ipv4' ? 32 : 128}` };
  }
  const range = canonicalRange(text);
  return range === null
    ? { problem: 'Must be an IP address or a CIDR range, such as 192.0.2.0/24.' }
    : { value: range };
}

/** `192.0.2.7/32` as people write it. */
export const shownRange = (range: string): string => range.replace(/(?<=\..*)\/32$|(?<=:.*)\/128$/, '');

const PREFIX = /^\+[1-9]\d{0,11}$/;

/** `+34600`, from any way to write it. Kept in clear, so it has to stand for many numbers. */
export function readPrefix(text: string): ReadValue {
  const prefix = dialledDigits(text) ?? '';
  if (!PREFIX.test(prefix))
    return { problem: 'Must be the first 1 to 12 digits of numbers in E.164, such as +34600.' };
  if (isNearlyNumber(prefix))
    return {
      problem: 'A prefix stands for a thousand numbers and more. Use the kind number for a single one.',
    };
  return isNeverCanonical(prefix)
    ? { problem: 'No number in E.164 begins like this. Leave out the zero after the calling code.' }
    : { value: prefix };
}

const ONE = Array.from({ length: 10 }, (_, n) => String(n));
const TWO = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));

/** It is a number, or one of a hundred that can be texted: what is left out would not hide the person. */
function isNearlyNumber(prefix: string): boolean {
  if (parsePhoneNumber(prefix).ok) return true;
  return [...ONE, ...TWO].some((rest) => {
    const parsed = parsePhoneNumber(prefix + rest);
    return parsed.ok && defaultNumberTypes.includes(parsed.number.type);
  });
}

/** Longest rest that still makes a number. */
const MAX_REST = 12;

/**
 * Numbers that begin so are all written differently: with a trunk zero (`+4407…`), or by a plan that is no more. An
 * entry that matches nothing would look like one that protects.
 */
function isNeverCanonical(prefix: string): boolean {
  const made = ONE.flatMap((fill) =>
    Array.from({ length: MAX_REST }, (_, rest) => parsePhoneNumber(prefix + fill.repeat(rest + 1))),
  );
  const numbers = made.flatMap((parsed) => (parsed.ok ? [parsed.number.e164] : []));
  return numbers.length > 0 && numbers.every((e164) => !e164.startsWith(prefix));
}

/** Whether a text holds the digits of a number without its calling code, however they are written. */
export function tellsNumber(text: string, national: string): boolean {
  return withAsciiDigits(text).replace(/\D/g, '').includes(national);
}
