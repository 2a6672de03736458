/** What is shown of a number and an address that somebody else gave. */
import { parsePhoneNumber } from '../../phone/parse-phone-number';
import { maskNumber } from '../../phone/phone-number';

export function fullNumber(e164: string): string {
  const parsed = parsePhoneNumber(e164);
  return parsed.ok ? parsed.number.international : e164;
}

/** `+34 •••••••56` */
export function maskedForPeople(e164: string): string {
  const parsed = parsePhoneNumber(e164);
  if (!parsed.ok) return '•••';
  const { callingCode } = parsed.number;
  const masked = maskNumber(parsed.number).replaceAll('*', '•');
  return `+${callingCode} ${masked.slice(callingCode.length + 1)}`;
}

/** `a•••@mail.com` */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const [first = ''] = email;
  return `${at > 1 ? first : ''}•••${email.slice(at)}`;
}
