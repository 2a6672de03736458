/** Reads the name of a language as platforms write it. */

/** Longer than any tag that means something. */
export const MAX_LOCALE_LENGTH = 35;

/**
 * BCP 47 in its canonical form, or null for what names no language: `es-mx` is `es-MX`, the codes that Java and
 * Android keep from before 1989 (`iw`, `in`, `ji`) are `he`, `id` and `yi`. Read as well are Java's `pt_BR`,
 * `zh_TW_#Hant` and `sr__#Latn`, Android's resource folders `zh-rTW` and `b+sr+Latn`, Apple's `zh-Hant_TW` and POSIX'
 * `de_DE.UTF-8@euro`. Of these only language, script and region count.
 */
export function readLocale(written: string): string | null {
  if (written.length > MAX_LOCALE_LENGTH) return null;
  return canonical(written.replaceAll('_', '-')) ?? canonical(platformTag(written) ?? '');
}

function canonical(tag: string): string | null {
  if (!/^[a-z]{2,3}(?:-|$)/i.test(tag)) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}

const platformShape =
  /^(?:b\+)?(?<subtags>[a-z]{2,3}(?:(?:[-+]|_+#?)[a-z0-9]+)*)(?:\.[\w-]+)?(?:@[\w=;,.-]+)?$/i;

/** BCP 47 of what Java, Android or POSIX wrote. Java puts the script last, behind a `#`. */
function platformTag(written: string): string | null {
  const [language, ...all] = platformShape.exec(written)?.groups?.['subtags']?.split(/[-_+]+/) ?? [];
  if (language === undefined) return null;
  const extensions = all.findIndex((subtag) => /^#?[a-z0-9]$/i.test(subtag));
  const subtags = extensions < 0 ? all : all.slice(0, extensions);
  const regionAt = subtags.findIndex((subtag) => /^(?:r?[a-z]{2}|\d{3})$/i.test(subtag));
  const region = subtags[regionAt]?.replace(/^r(?=[a-z]{2})/i, '');
  const beforeRegion = regionAt < 0 ? subtags : subtags.slice(0, regionAt);
  const script = [...beforeRegion, ...subtags.filter((subtag) => subtag.startsWith('#'))]
    .map((subtag) => subtag.replace('#', ''))
    .find((subtag) => /^[a-z]{4}$/i.test(subtag));
  return [language, script, region].filter((subtag) => subtag !== undefined).join('-');
}

/**
 * The tags under which a text for this language may be found, best first: the tag itself, the same without a script
 * that goes without saying (`pt-Latn-BR`), the language in the script that is usual there (`zh-Hant` for `zh-MO`), and
 * the look-up of RFC 4647 (`es-419-x` finds `es-419`, else `es`).
 */
export function tagsToTry(locale: string): string[] {
  const { language, script, region } = new Intl.Locale(locale);
  const usualScript = region === undefined ? undefined : likelyScript(`${language}-${region}`);
  const plain = script !== undefined && script === usualScript ? [`${language}-${String(region)}`] : [];
  const scripted = script === undefined && usualScript !== undefined ? [`${language}-${usualScript}`] : [];
  return [locale, ...plain, ...scripted, ...shorter(locale)];
}

const likelyScript = (tag: string): string | undefined => new Intl.Locale(tag).maximize().script;

function shorter(locale: string): string[] {
  const subtags = locale.split('-');
  return subtags.slice(1).map((_, at) => subtags.slice(0, subtags.length - 1 - at).join('-'));
}
