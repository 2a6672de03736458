/**
 * The language that a gateway's voice is to speak: the one among `supported` (BCP 47, such as `es-MX`) that fits
 * `locale` best. The same region, else the region where most people speak it that way, else any region.
 * @returns null when the language is not among them: a foreign voice makes digits unintelligible
 */
export function speechLanguage(locale: string, supported: readonly string[]): string | null {
  const wanted = parse(locale);
  if (!wanted) return null;
  const language = aliases[wanted.language] ?? wanted.language;
  const sameLanguage = supported.filter((one) => one.split('-')[0] === language);
  const regions = [
    wanted.region,
    wanted.maximize().region,
    new Intl.Locale(wanted.language).maximize().region,
  ];
  const exact = regions.map((region) => `${language}-${region}`).find((one) => sameLanguage.includes(one));
  return exact ?? sameLanguage[0] ?? null;
}

/** `no` stands for both kinds of Norwegian; voices speak Bokmål. */
const aliases: Readonly<Record<string, string>> = { no: 'nb', nn: 'nb' };

function parse(locale: string): Intl.Locale | null {
  try {
    return new Intl.Locale(locale);
  } catch {
    return null;
  }
}
