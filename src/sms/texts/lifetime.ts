/** How long a code still works, in the words of a text. Rounded down: no text promises time that is not there. */

/** Below this, minutes would leave out too much: 95 seconds are not one minute. */
const SECONDS_BELOW = 120;

export interface Lifetime {
  readonly unit: 'minute' | 'second';
  readonly value: number;
}

/** `95` are 95 seconds, `120` to `179` two minutes. */
export function lifetimeOf(seconds: number): Lifetime {
  if (seconds < SECONDS_BELOW) return { unit: 'second', value: Math.floor(seconds) };
  return { unit: 'minute', value: Math.floor(seconds / 60) };
}

/**
 * Behind the number, in writing, as `# min`. Signs and abbreviations that no number bends, from CLDR's short forms
 * where they are in the alphabet of the text and read well alone; else a word that has one form.
 */
export type UnitsInWriting = Readonly<Record<Lifetime['unit'], string>>;

export function written(seconds: number, units: UnitsInWriting): string {
  const { unit, value } = lifetimeOf(seconds);
  return units[unit].replace('#', String(value));
}

/**
 * In full words, for voices: "10 minutes" with the plural forms of the language by CLDR, in the digits that stand in all
 * our texts. CLDR's narrow blanks become blanks, which every voice and alphabet has.
 */
export function spoken(seconds: number, locale: string): string {
  const { unit, value } = lifetimeOf(seconds);
  const options = { style: 'unit', unit, unitDisplay: 'long', useGrouping: false } as const;
  return new Intl.NumberFormat(`${locale}-u-nu-latn`, options).format(value).replace(/\p{Zs}/gu, ' ');
}
