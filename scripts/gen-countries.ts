import examples from 'libphonenumber-js/examples.mobile.json';
import {
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  type CountryCode,
} from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/metadata.max.json';

/** The country that most people with a shared calling code mean comes first, as in the library's own table. */
function mainFirst(a: CountryCode, b: CountryCode): number {
  const rank = (country: CountryCode) =>
    (metadata.country_calling_codes as Record<string, string[]>)[getCountryCallingCode(country)]?.indexOf(
      country,
    ) ?? 0;
  return Math.sign(rank(a)) - Math.sign(rank(b)) || a.localeCompare(b);
}

/** What the page knows of countries: calling code and an example, as small as it gets. The rest is asked of the server. */
export function renderCountries(): string {
  const seen = new Set<string>();
  const rows = [...getCountries()].sort(mainFirst).map((country) => {
    const code = getCountryCallingCode(country);
    const example = getExampleNumber(country, examples)?.formatNational() ?? '';
    const isShared = seen.size === seen.add(code).size;
    // With the same calling code, numbers are written the same way: the main country's example will do.
    return `${country}${code}${isShared ? '' : `:${example}`}`;
  });
  return (
    '/** Written by `npm run gen`: country, calling code and a mobile number as it is written at home. */\n' +
    `export const countryTable = ${JSON.stringify(rows.join(''))};\n`
  );
}
