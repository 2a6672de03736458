import type { UnitsInWriting } from './lifetime';

/**
 * What a language has to say, as data. Everything is spelled as one writes it; for SMS the accents that would
 * double the price are dropped by `towardsGsm7`, as natives of these languages do in texts. Languages of
 * other scripts keep to 70 characters for a brand of ten and a code of six.
 *
 * Why texts read as they do:
 * - What the code is for and "never share it" stand right beside the code: with the usual wording half of the
 *   people forwarded it to an attacker who asked, with a warning like this one 8 % (Siadati et al. 2017).
 * - Phones offer a code when the word for it stands in the same sentence, so that sentence is the first.
 * - No link: people should learn that texts with a code never have one.
 * - Units of time are abbreviated where a language would have to bend the word; spoken, the plural forms of CLDR apply.
 * - Where one writes from right to left, a text begins with a word of that script (or phones would lay it out
 *   from left to right) and a brand or a code stands at the end of its phrase, so that nothing changes places.
 */

/** What a code is for, in words; a purpose that is not among them reads as `default`. */
export const kinds = [
  'default',
  'login',
  'signup',
  'password_reset',
  'payment',
  'signature',
  'vote',
  'door',
] as const;
export type Kind = (typeof kinds)[number];

/**
 * Sentences may hold `{sender}`, `{kind}`, `{code}`, `{duration}`, `{amount}`, `{currency}` and `{payee}`. They
 * are put together in `built-in.ts`.
 */
export interface Language {
  /** ISO 3166-1 alpha-2: where people expect it when neither the call nor the application says otherwise. */
  readonly countries: readonly string[];
  /** Further tags that mean it: `zh-TW` for `zh-Hant`. */
  readonly also?: readonly string[];
  /** The brand as `{sender}` shows it; nothing when there is none. Default `{brand}: `. */
  readonly sender?: string;
  /** By SMS without any accents, also those that cost nothing: a few of them left would read badly. */
  readonly bare?: boolean;
  /** Between two sentences; default a blank. */
  readonly between?: string;
  /** The word for the code with what it is for. */
  readonly kinds: Readonly<Record<Kind, string>>;
  /** Which code this is. */
  readonly is: string;
  /** The same in fewer characters; default `is`. */
  readonly brief?: string;
  /** A code, whatever for: when nothing longer fits. */
  readonly short: string;
  /** For a code that confirms a payment: amount, currency and payee (PSD2 RTS, article 5). */
  readonly pay: string;
  readonly never: string;
  /** The same in fewer characters. */
  readonly neverShort: string;
  readonly ignore: string;
  /** Units of `{duration}` in writing, behind the number: `# min`. */
  readonly units: UnitsInWriting;
  readonly expires: string;
  /** The same in fewer characters; default `expires`. */
  readonly left?: string;
  /** By voice: the code with `{digits}`, the code again, and how long it is valid with `{duration}`, e.g. "10 minutes". */
  readonly spoken: readonly [string, string, string];
}
