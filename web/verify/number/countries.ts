export interface Country {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  readonly callingCode: string;
  /** A mobile number as it is written in that country. */
  readonly example: string;
}

const read = new Map<string, Country>();

/** The table is given once, by who has it: the component loads it only where a number is asked for. */
export function giveCountries(table: string): void {
  const examples = new Map<string, string>();
  for (const [, code = '', callingCode = '', own = ''] of table.matchAll(/([A-Z]{2})(\d+)([^A-Z]*)/g)) {
    const example = own.slice(1) || (examples.get(callingCode) ?? '');
    examples.set(callingCode, examples.get(callingCode) ?? example);
    read.set(code, { code, callingCode, example });
  }
}

/** By code. Of countries that share a calling code, the one that most people mean comes first. */
export const allCountries = (): ReadonlyMap<string, Country> => read;

/** Those that may be chosen; null: all. */
export function countriesOf(codes: readonly string[] | null): readonly Country[] {
  const all = allCountries();
  return codes === null ? [...all.values()] : codes.flatMap((code) => all.get(code) ?? []);
}

export interface NamedCountry extends Country {
  readonly name: string;
}

/** Where the language of a browser is spoken (`es-MX`), if that may be chosen: a guess, shown and easily changed. */
export function countryOfLanguage(language: string, codes: readonly string[] | null): string | null {
  const region = /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?-([A-Z]{2})\b/.exec(language)?.[1];
  return countriesOf(codes).find(({ code }) => code === region)?.code ?? null;
}

const namesIn = (locale: string) => new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });

export function namedCountry(code: string | null, locale: string): NamedCountry | undefined {
  const country = allCountries().get(code ?? '');
  return country && { ...country, name: namesIn(locale).of(country.code) ?? country.code };
}

/** With names in a language, in the order of that language. */
export function namedCountries(codes: readonly string[] | null, locale: string): NamedCountry[] {
  const names = namesIn(locale);
  const { compare } = new Intl.Collator(locale);
  return countriesOf(codes)
    .map((country) => ({ ...country, name: names.of(country.code) ?? country.code }))
    .sort((a, b) => compare(a.name, b.name));
}

/** A flag as two letters of Unicode's alphabet of regions; systems without flags show the letters. */
export function flagOf(code: string): string {
  return code.replace(/[A-Z]/g, (letter) => String.fromCodePoint(0x1f1a5 + letter.charCodeAt(0)));
}

const bare = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** By a part of the name, the code, or the digits behind the plus; names that begin so come first. */
export function searchCountries(countries: readonly NamedCountry[], wanted: string): NamedCountry[] {
  const text = bare(wanted.trim());
  const digits = /^(?:\+|00)?(\d+)$/.exec(text)?.[1];
  const found = countries.filter(({ name, code, callingCode }) =>
    digits === undefined
      ? bare(name).includes(text) || code.toLowerCase() === text
      : callingCode.startsWith(digits),
  );
  const isLater = ({ name }: NamedCountry) => Number(!bare(name).startsWith(text));
  return found.sort((a, b) => isLater(a) - isLater(b));
}
