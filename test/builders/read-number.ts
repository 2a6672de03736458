import { parsePhoneNumber } from '../../src/phone/parse-phone-number';

/** The canonical form of an input in E.164, or the reason why there is none. */
export function readNumber(input: string, defaultCountry: string | null = null): string {
  const parsed = parsePhoneNumber(input, { defaultCountry });
  return parsed.ok ? parsed.number.e164 : parsed.reason;
}
