import { smsSize, towardsGsm7 } from '../wire/gsm7';
import { autofillLines, MAX_RETRIEVER_BYTES, type AutofillTargets } from './autofill';
import { languages, type Language, type Locale } from './languages';

export interface TextInput extends AutofillTargets {
  readonly locale: Locale;
  /** Who writes, as the person knows them; up to 20 characters keep every text in one message. */
  readonly brand: string | null;
  readonly code: string;
  /** Whole minutes for which the code still works. */
  readonly minutes: number;
  /** Those in `languages` are put into words (`password-reset` counts as `password_reset`), others read "verification code". */
  readonly purpose?: string;
  /** What the code confirms. Amount and payee then stand in the text, whatever its length. */
  readonly transaction?: {
    readonly amount: string;
    readonly currency: string;
    readonly payee: string;
  } | null;
}

const MAX_BRAND_LENGTH = 40;
/** As many as the API takes: a payee that is cut would not be the one that was confirmed. */
const MAX_PAYEE_LENGTH = 70;

/**
 * The text of a message with a code. Pure. The longest wording that fits into one message wins; when a long
 * brand or payee or another script leaves no room for any, the shortest is sent in several parts.
 */
export function renderText(input: TextInput): string {
  const language: Language = languages[input.locale];
  const wordings = input.transaction ? language.payment : language.code;
  const values = valuesFor(input, language);
  const ending = autofillLines(input.code, input);
  const texts = wordings.map((wording) => fill(wording, values) + ending);
  return texts.find((text) => fits(text, Boolean(input.appHash))) ?? texts.at(-1) ?? '';
}

function valuesFor(input: TextInput, language: Language): Readonly<Record<string, string>> {
  const brand = displayName(input.brand ?? '', MAX_BRAND_LENGTH);
  const { amount = '', currency = '', payee = '' } = input.transaction ?? {};
  return {
    sender: brand === '' ? '' : `${brand}: `,
    code: input.code,
    minutes: String(input.minutes),
    kind: kindOf(input.purpose ?? 'default', language),
    amount: oneLine(amount),
    currency: oneLine(currency),
    payee: displayName(payee, MAX_PAYEE_LENGTH),
  };
}

function kindOf(purpose: string, { kinds }: Language): string {
  const word = purpose.replaceAll('-', '_');
  return (Object.hasOwn(kinds, word) ? kinds[word] : undefined) ?? kinds.default;
}

/** One pass, so that a value with braces in it stays a value. */
function fill(wording: string, values: Readonly<Record<string, string>>): string {
  return wording.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

function fits(text: string, forRetriever: boolean): boolean {
  if (forRetriever && Buffer.byteLength(text) > MAX_RETRIEVER_BYTES) return false;
  return smsSize(text).segments === 1;
}

/**
 * A name that cannot change the rest of the text: one line (a line break could forge the last line, which
 * browsers read), no direction marks (they could reorder what is shown), bounded, cheap characters if possible.
 */
function displayName(name: string, max: number): string {
  const signs = Array.from(towardsGsm7(oneLine(name)));
  return signs.length <= max ? signs.join('') : signs.slice(0, max - 3).join('') + '...';
}

function oneLine(value: string): string {
  return value
    .replace(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, '')
    .replace(/[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}
