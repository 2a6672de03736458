/**
 * Every language that the page exists in, for the server alone: browsers get the words of one. A new one is a file in
 * `languages/` and a line here.
 */
import type { View } from './contract';
import { ar } from './languages/ar';
import { bg } from './languages/bg';
import { bn } from './languages/bn';
import { bs } from './languages/bs';
import { ca } from './languages/ca';
import { cs } from './languages/cs';
import { da } from './languages/da';
import { de } from './languages/de';
import { el } from './languages/el';
import { en } from './languages/en';
import { es } from './languages/es';
import { et } from './languages/et';
import { fa } from './languages/fa';
import { fi } from './languages/fi';
import { fr } from './languages/fr';
import { he } from './languages/he';
import { hi } from './languages/hi';
import { hr } from './languages/hr';
import { hu } from './languages/hu';
import { id } from './languages/id';
import { it } from './languages/it';
import { ja } from './languages/ja';
import { ko } from './languages/ko';
import { lt } from './languages/lt';
import { lv } from './languages/lv';
import { ms } from './languages/ms';
import { nb } from './languages/nb';
import { nl } from './languages/nl';
import { pl } from './languages/pl';
import { pt } from './languages/pt';
import { ptBR } from './languages/pt-BR';
import { ro } from './languages/ro';
import { ru } from './languages/ru';
import { sk } from './languages/sk';
import { sl } from './languages/sl';
import { srLatn } from './languages/sr-Latn';
import { sv } from './languages/sv';
import { th } from './languages/th';
import { tr } from './languages/tr';
import { uk } from './languages/uk';
import { vi } from './languages/vi';
import { zhHans } from './languages/zh-Hans';
import { zhHant } from './languages/zh-Hant';
import type { Words } from './words';

const languages = {
  ar,
  bg,
  bn,
  bs,
  ca,
  cs,
  da,
  de,
  el,
  en,
  es,
  et,
  fa,
  fi,
  fr,
  he,
  hi,
  hr,
  hu,
  id,
  it,
  ja,
  ko,
  lt,
  lv,
  ms,
  nb,
  nl,
  pl,
  pt,
  'pt-BR': ptBR,
  ro,
  ru,
  sk,
  sl,
  'sr-Latn': srLatn,
  sv,
  th,
  tr,
  uk,
  vi,
  'zh-Hans': zhHans,
  'zh-Hant': zhHant,
} as const satisfies Readonly<Record<string, Words>>;

/** A language of the page: BCP 47. The texts of messages exist in the same ones. */
export type Locale = keyof typeof languages;

/** As people look for theirs in a list: by what a language calls itself, Latin letters first. */
export const locales: readonly Locale[] = inOrderOfNames(Object.keys(languages) as Locale[]);

export function isLocale(tag: string): tag is Locale {
  return Object.hasOwn(languages, tag);
}

export function wordsOf(locale: Locale): Words {
  return languages[locale];
}

const rightToLeft: ReadonlySet<string | undefined> = new Set(['Arab', 'Hebr']);

/** Which way one reads goes by the script. */
export function directionOf(locale: Locale): View['direction'] {
  return rightToLeft.has(new Intl.Locale(locale).maximize().script) ? 'rtl' : 'ltr';
}

function inOrderOfNames(tags: readonly Locale[]): Locale[] {
  const nameOf = (tag: Locale) => new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag;
  const { compare } = new Intl.Collator('en', { sensitivity: 'base' });
  const named = tags.map((tag) => ({ tag, name: nameOf(tag) }));
  return named.sort((one, other) => compare(one.name, other.name)).map(({ tag }) => tag);
}
