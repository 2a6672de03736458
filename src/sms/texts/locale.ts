import { languages, type Language, type Locale } from './languages';

const locales = Object.keys(languages) as Locale[];

const usualLocale = new Map<string, Locale>(
  locales.flatMap((locale) =>
    (languages[locale] as Language).countries.map((country) => [country, locale] as const),
  ),
);

/**
 * The language of a text: the first that exists of what the call asks for, what the application is set to, what
 * is usual in the country of the number; else English.
 * @param requested BCP 47, e.g. `es-MX`; anything else counts as not given
 * @param application the same, from the application's settings
 * @param country ISO 3166-1 alpha-2
 */
export function chooseLocale(
  requested: string | null | undefined,
  application: string | null | undefined,
  country: string | null,
): Locale {
  return existing(requested) ?? existing(application) ?? usualLocale.get(country ?? '') ?? 'en';
}

/** RFC 4647 look-up: `es-419-x` finds `es-419`, else `es`. */
function existing(tag: string | null | undefined): Locale | undefined {
  let range = (tag ?? '').toLowerCase();
  while (range !== '') {
    const found = locales.find((locale) => locale.toLowerCase() === range);
    if (found !== undefined) return found;
    range = range.slice(0, Math.max(0, range.lastIndexOf('-')));
  }
  return undefined;
}
