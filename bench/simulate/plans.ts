/** Numbering plans: operator ranges of real countries, found with the metadata that the product uses. */
import { getCountryCallingCode, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { Chance } from './random';

export interface Country {
  readonly code: string;
  /** Share of codes that people type there. */
  readonly conversion: number;
  /** Share of the honest traffic. */
  readonly weight: number;
  /** Digits of a number. */
  readonly length: number;
  /** Assumed, for the comparison of guards only: what one message costs, in millionths of a euro. */
  readonly priceMicros: number;
}

export interface Plan extends Country {
  /** Operator ranges: E.164 without the plus and without the last six digits. */
  readonly ranges: readonly string[];
}

const countries: readonly Country[] = [
  { code: 'US', conversion: 0.95, weight: 20, length: 10, priceMicros: 8_000 },
  { code: 'DE', conversion: 0.9, weight: 15, length: 11, priceMicros: 75_000 },
  { code: 'ES', conversion: 0.85, weight: 20, length: 9, priceMicros: 60_000 },
  { code: 'EE', conversion: 0.8, weight: 3, length: 8, priceMicros: 70_000 },
  { code: 'BR', conversion: 0.7, weight: 15, length: 11, priceMicros: 20_000 },
  { code: 'IN', conversion: 0.6, weight: 15, length: 10, priceMicros: 50_000 },
  { code: 'ID', conversion: 0.5, weight: 8, length: 11, priceMicros: 250_000 },
  { code: 'NG', conversion: 0.4, weight: 4, length: 10, priceMicros: 150_000 },
];
/** Countries of travellers: nobody has texted there yet. */
const elsewhere = [
  'CH',
  'PT',
  'NO',
  'PL',
  'FR',
  'IT',
  'NL',
  'SE',
  'AU',
  'ZA',
  'KE',
  'PH',
  'TR',
  'EG',
  'MX',
  'CO',
];
const elsewhereLengths: Readonly<Record<string, number>> = { CO: 10, NO: 8, PH: 10, TR: 10, EG: 10, MX: 10 };

const MOST_RANGES = 150;
const TRIES = 10_000;
const LAST_SIX = 6;

function rangesOf(country: Pick<Country, 'code' | 'length'>): string[] {
  const chance = new Chance(1);
  const callingCode = getCountryCallingCode(country.code as CountryCode);
  const found = new Set<string>();
  const digits = country.length - LAST_SIX;
  for (let i = 0; i < TRIES && found.size < MOST_RANGES; i += 1) {
    const range = callingCode + String(chance.int(10 ** digits)).padStart(digits, '0');
    const number = parsePhoneNumberFromString(`+${range}234567`);
    const type = number?.getType();
    const isMobile = type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE';
    // The same digits: what was read with a trunk prefix is another number.
    const isPlain = number?.number === `+${range}234567` && number.country === country.code;
    if (isPlain && isMobile) found.add(range);
  }
  return [...found].sort();
}

export const plans: readonly Plan[] = countries.map((country) => ({ ...country, ranges: rangesOf(country) }));

export const travellersPlans: readonly Plan[] = elsewhere.map((code) => {
  const country = {
    code,
    conversion: 0.7,
    weight: 1,
    length: elsewhereLengths[code] ?? 9,
    priceMicros: 60_000,
  };
  return { ...country, ranges: rangesOf(country) };
});

export function planOf(code: string): Plan {
  const plan = [...plans, ...travellersPlans].find((one) => one.code === code);
  if (!plan) throw new Error(`no plan of ${code}`);
  return plan;
}
