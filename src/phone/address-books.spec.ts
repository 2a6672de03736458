/**
 * Numbers as people have them in their address books, for every country that libphonenumber knows: whatever the
 * spelling, one phone has one canonical form, and so one slot, one lock and one limit.
 */
import fc from 'fast-check';
import { readNumber } from '../../test/builders/read-number';
import { Metadata, type MetadataJson } from 'libphonenumber-js/core';
import examples from 'libphonenumber-js/examples.mobile.json';
import {
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  parsePhoneNumberWithError,
  type CountryCode,
} from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/metadata.max.json';
import { parsePhoneNumber } from './parse-phone-number';
import { defaultNumberTypes } from './phone-policy';

/** The few things that the library's metadata says and its functions do not. */
interface Plan {
  nationalPrefix(): string | 0;
  IDDPrefix(): string;
  type(name: string): { pattern(): string } | undefined;
}

function planOf(country: CountryCode): Plan {
  const all = new Metadata(metadata as unknown as MetadataJson);
  all.selectNumberingPlan(country);
  return (all as unknown as { numberingPlan: Plan }).numberingPlan;
}

const libraryTypes = ['MOBILE', 'FIXED_LINE', 'VOIP', 'PERSONAL_NUMBER'];
const SAMPLES = 8;

/** Numbers of each kind made from the patterns of the plan; from the examples where a pattern is too involved. */
function numbersOf(country: CountryCode): string[] {
  const callingCode = getCountryCallingCode(country);
  const example = getExampleNumber(country, examples);
  const made = libraryTypes.flatMap((type) => samplesOf(planOf(country).type(type)?.pattern()));
  const all = [...made, ...(example ? [example.nationalNumber] : [])];
  return all.flatMap((national) => {
    const e164 = `+${callingCode}${national}`;
    const parsed = parsePhoneNumberWithError(e164, { extract: false });
    return parsed.isValid() && parsed.country === country && parsed.number === e164 ? [e164] : [];
  });
}

function samplesOf(pattern: string | undefined): string[] {
  if (pattern === undefined) return [];
  try {
    return fc.sample(fc.stringMatching(new RegExp(`^(?:${pattern})$`)), { numRuns: SAMPLES, seed: 13 });
  } catch {
    // In the plan of North America there are patterns that fast-check cannot read; the fixed lines are not among them.
    return [];
  }
}

/** How one number stands in an address book, and the country that a form sends along. */
function spellings(e164: string, country: CountryCode): [string, string | null][] {
  const callingCode = getCountryCallingCode(country);
  const national = e164.slice(callingCode.length + 1);
  const parsed = parsePhoneNumberWithError(e164, { extract: false });
  const trunk = planOf(country).nationalPrefix() || '';
  const abroad = planOf(country).IDDPrefix();
  const always: [string, string | null][] = [
    [e164, null],
    [e164, 'US'],
    [e164, country],
    [`00${e164.slice(1)}`, null],
    [`+00 ${e164.slice(1)}`, null],
    [`\u202a${parsed.formatInternational()}\u202c`, null],
    [`${parsed.formatInternational().replaceAll(' ', '\u00a0')}\n`, country],
    [parsed.formatNational(), country],
    ...(/^\d+$/.test(abroad) ? [[abroad + e164.slice(1), country] as [string, string]] : []),
  ];
  // A fixed line without its trunk prefix, or without the plus, may be another number of the country, and service
  // numbers have no trunk prefix.
  const type = typeOf(e164);
  if (!type || !defaultNumberTypes.includes(type)) return always;
  return [
    ...always,
    [trunk + national, country],
    [national, country],
    [callingCode + national, country],
    ...(trunk ? [[`+${callingCode} (${trunk}) ${national}`, null] as [string, null]] : []),
  ];
}

function typeOf(e164: string): (typeof defaultNumberTypes)[number] | null {
  const parsed = parsePhoneNumber(e164);
  return parsed.ok ? parsed.number.type : null;
}

/** Western Sahara has no numbers of its own: Morocco's serve it. */
const countries = getCountries().filter((country) => country !== 'EH');
/** Phones with two forms in E.164 that the library takes for two numbers. */
const twins = /^\+(?:241|390549)/;

describe('numbers of every country', () => {
  it.each(countries)('%s: every spelling of a phone is one number, as the library has it', (country) => {
    const numbers = numbersOf(country);
    expect(numbers).not.toEqual([]);
    const wrong = numbers.flatMap((e164) => {
      const canonical = readNumber(e164);
      if (!twins.test(e164)) expect(canonical).toBe(e164);
      const all: [string, string | null][] = [...spellings(e164, country), [canonical, null]];
      const other = all.filter(([text, sent]) => readNumber(text, sent) !== canonical);
      return other.map(
        ([text, sent]) => `${text} (${String(sent)}) is ${readNumber(text, sent)}, not ${canonical}`,
      );
    });
    expect(wrong).toEqual([]);
  });
});
