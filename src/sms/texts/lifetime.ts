/** How long a code still works, in the words of a text. Rounded down: no text promises time that is not there. */

const units = ['second', 'minute', 'hour', 'day'] as const;
type Unit = (typeof units)[number];

const SECONDS_OF: Readonly<Record<Unit, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400 };

/** Of fewer, the smaller unit is said: one minute would leave out too much of 95 seconds, one day of 47 hours. */
const FEWEST = 2;

export interface Lifetime {
  readonly unit: Unit;
  readonly value: number;
}

/** `95` are 95 seconds, `120` to `179` two minutes, `7200` two hours, `172800` two days. */
export function lifetimeOf(seconds: number): Lifetime {
  const unit = units.findLast((one) => seconds >= FEWEST * SECONDS_OF[one]) ?? 'second';
  return { unit, value: Math.floor(seconds / SECONDS_OF[unit]) };
}

/**
 * Behind the number, in writing, as `# min`. Signs and abbreviations that no number bends, from CLDR's short forms
 * where they are in the alphabet of the text and read well alone; else a word that has one form.
 */
export type UnitsInWriting = Readonly<Record<'minute' | 'second', string>>;

/**
 * Hours and days in CLDR's short forms, bent as the language does: there is no sign for them that all people know. Without
 * the point of an abbreviation, because a sentence often ends behind it.
 */
export function written(seconds: number, locale: string, inWriting: UnitsInWriting): string {
  const { unit, value } = lifetimeOf(seconds);
  if (unit === 'minute' || unit === 'second') return inWriting[unit].replace('#', String(value));
  return formatted({ unit, value }, locale, 'short').replace(/\.$/, '');
}

/** In full words, for voices: "10 minutes" with the plural forms of the language by CLDR. */
export function spoken(seconds: number, locale: string): string {
  return formatted(lifetimeOf(seconds), locale, 'long');
}

/** In the digits that stand in all our texts. CLDR's narrow blanks become blanks, which every voice and alphabet has. */
function formatted({ unit, value }: Lifetime, locale: string, unitDisplay: 'short' | 'long'): string {
  const options = { style: 'unit', unit, unitDisplay, useGrouping: false } as const;
  return new Intl.NumberFormat(`${locale}-u-nu-latn`, options).format(value).replace(/\p{Zs}/gu, ' ');
}
