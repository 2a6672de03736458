/** Every language that texts exist in. A new one is an entry in one file of `languages/`; nothing else knows names. */
import { balticUralicTurkic } from './languages/baltic-uralic-turkic';
import { eastAsian } from './languages/east-asian';
import { germanic } from './languages/germanic';
import { greekAndCyrillic } from './languages/greek-and-cyrillic';
import { indic } from './languages/indic';
import { rightToLeft } from './languages/right-to-left';
import { romance } from './languages/romance';
import { slavicInLatin } from './languages/slavic-in-latin';
import { southEastAsian } from './languages/south-east-asian';

export const languages = {
  ...germanic,
  ...romance,
  ...slavicInLatin,
  ...balticUralicTurkic,
  ...greekAndCyrillic,
  ...rightToLeft,
  ...indic,
  ...southEastAsian,
  ...eastAsian,
} as const;

/** A language that texts exist in: BCP 47. */
export type Locale = keyof typeof languages;

export const locales = Object.keys(languages) as readonly Locale[];
