import { asciiDigits } from '../digits';
import { countriesOf } from './countries';

/** The number is written with its country: what was chosen does not count. */
export function isInternational(typed: string): boolean {
  return /^\s*(?:\+|00)/.test(asciiDigits(typed.normalize('NFKC')));
}

/** The country that a typed `+` or `00` names; the chosen one stays where it shares that calling code. Null: none yet. */
export function typedCountry(
  typed: string,
  chosen: string | null,
  codes: readonly string[] | null,
): string | null {
  if (!isInternational(typed)) return null;
  const digits = asciiDigits(typed.normalize('NFKC')).replace(/\D/g, '').replace(/^00/, '');
  const meant = countriesOf(codes).filter(({ callingCode }) => digits.startsWith(callingCode));
  return (meant.find(({ code }) => code === chosen) ?? meant[0])?.code ?? null;
}
