import { randomInt } from 'node:crypto';

/**
 * Ranges in which every number is a valid mobile number by libphonenumber's metadata. Each verification
 * needs a fresh one, because a recipient has a cool-down; nothing is ever sent to them but into the sink.
 */
const ranges = [
  { country: 'ES', prefix: '+346', digits: 8 },
  { country: 'FR', prefix: '+3361', digits: 7 },
  { country: 'DE', prefix: '+49151', digits: 8 },
  { country: 'GB', prefix: '+4471', digits: 8 },
] as const;

export const benchCountries: readonly string[] = ranges.map(({ country }) => country);

/** Fresh numbers: spread over the countries, never the same one twice in a run. */
export class Numbers {
  private readonly used = new Set<string>();

  next(): string {
    const { prefix, digits } = ranges[this.used.size % ranges.length] ?? ranges[0];
    let number: string;
    do number = prefix + String(randomInt(10 ** digits)).padStart(digits, '0');
    while (this.used.has(number));
    this.used.add(number);
    return number;
  }
}
