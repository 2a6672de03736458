import type { Language } from './language';
import { languages, locales, type Locale } from './languages';
import { readLocale, tagsToTry } from './locale-tag';

/** Tags in lower case, and the locale each means. */
export type LocaleTags = ReadonlyMap<string, string>;

const entries = locales.map((locale): readonly [Locale, Language] => [locale, languages[locale]]);

/** The built-in languages, also under the further names they have. */
export const builtInTags: LocaleTags = new Map<string, string>(
  entries.flatMap(([locale, { also = [] }]) =>
    [locale, ...also].map((tag) => [tag.toLowerCase(), locale] as const),
  ),
);

const usualLocale = new Map<string, Locale>(
  entries.flatMap(([locale, { countries }]) => countries.map((country) => [country, locale] as const)),
);

/**
 * The language of a text: the first that exists of what the call asks for, what the application is set to, what
 * is usual in the country of the number; else English.
 * @param requested e.g. `es-MX`, see {@link readLocale}; anything else counts as not given
 * @param application the same, from the application's settings
 * @param country ISO 3166-1 alpha-2
 * @param available what exists beside or instead of the built-in languages
 * @param usual languages of countries, before those that are built in
 */
export function chooseLocale(
  requested: string | null | undefined,
  application: string | null | undefined,
  country: string | null,
  available: LocaleTags = builtInTags,
  usual: ReadonlyMap<string, string> = usualLocale,
): string {
  return (
    findLocale(requested, available) ??
    findLocale(application, available) ??
    findLocale(usual.get(country ?? ''), available) ??
    findLocale(usualLocale.get(country ?? ''), available) ??
    'en'
  );
}

/** The one that exists for a tag as platforms write it; undefined: none. */
export function findLocale(
  written: string | null | undefined,
  available: LocaleTags = builtInTags,
): string | undefined {
  const exact = available.get(written?.toLowerCase() ?? '');
  if (exact !== undefined || !written) return exact;
  const locale = readLocale(written);
  if (locale === null) return undefined;
  const tag = tagsToTry(locale).find((one) => available.has(one.toLowerCase()));
  return tag && available.get(tag.toLowerCase());
}

export function isBuiltIn(locale: string): locale is Locale {
  return Object.hasOwn(languages, locale);
}
