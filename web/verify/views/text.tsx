import type { ComponentChildren } from 'preact';
import type { View } from '../contract';
import type { Plural } from '../words';
import type { Ui } from './ui';

/**
 * A sentence with its places filled in. What is filled in is text or nodes, never markup. A name with a full stop of
 * its own ("Acme Inc.") ends the sentence.
 */
export function fill<Value extends ComponentChildren>(
  sentence: string,
  values: Readonly<Record<string, Value>>,
): (Value | string)[] {
  const endsItself = (name = ''): boolean => {
    const value: unknown = values[name];
    return typeof value === 'string' && value.endsWith('.');
  };
  return sentence.split(/\{(\w+)\}/).map((part, at, parts) => {
    if (at % 2 === 1) return values[part] ?? `{${part}}`;
    return endsItself(parts[at - 1]) ? part.replace(/^\./, '') : part;
  });
}

/** The same for titles and for what is only spoken. */
export function plain(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return fill(sentence, values).join('');
}

/** What stands between two sentences: nothing where the full stop brings its own space. */
export function between(sentence: string): '' | ' ' {
  return /[。！？]$/.test(sentence) ? '' : ' ';
}

/** The form that a language has for a number. */
export function form(words: Plural, count: number, locale: string): string {
  return words[new Intl.PluralRules(locale).select(count)] ?? words.other;
}

/** In the digits of the language. */
export function number(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value);
}

export function counted(words: Plural, count: number, locale: string): string {
  return plain(form(words, count, locale), { count: number(count, locale) });
}

/** Numbers and codes read from left to right in every language. */
export function Ltr({ children }: { readonly children: ComponentChildren }) {
  return <bdi dir="ltr">{children}</bdi>;
}

/** The person's own kind of a language, where the device speaks it: en-GB writes 15:05, en-US 3:05 PM. */
export function regional(locale: string, spoken: readonly string[]): string {
  const kind = (tag: string) => {
    const { language, script } = new Intl.Locale(tag).maximize();
    return `${language}-${script ?? ''}`;
  };
  return spoken.find((tag) => kind(tag) === kind(locale)) ?? locale;
}

/**
 * A time of day. The server does not know where the person is, and says UTC; the script knows. The digits are those of
 * the language.
 */
export function clock(iso: string, locale: string, { enhanced }: Pick<Ui, 'enhanced'>): string {
  return new Intl.DateTimeFormat(enhanced ? regional(locale, navigator.languages) : locale, {
    hour: 'numeric',
    minute: '2-digit',
    ...(enhanced ? {} : { timeZone: 'UTC', timeZoneName: 'short' }),
  }).format(new Date(iso));
}

export function Time({ iso, view, ui }: { readonly iso: string; readonly view: View; readonly ui: Ui }) {
  return <time dateTime={iso}>{clock(iso, view.locale, ui)}</time>;
}

/** Minutes and seconds. */
export function countdown(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** An address that a browser may be sent to; nothing that runs. */
export function webAddress(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) ? url : null;
}

/** Where a message about help leads; nowhere for what is neither an address, a mailbox nor a number. */
export function contactHref(contact: string): string | undefined {
  if (/^https?:\/\/[^\s"<>\\]+$/i.test(contact)) return contact;
  if (/^[^\s@"<>:/?#&]+@[^\s@"<>:/?#&]+\.[^\s@"<>:/?#&]+$/.test(contact)) return `mailto:${contact}`;
  if (/^\+?[\d\s().-]{5,25}$/.test(contact)) return `tel:${contact.replace(/[^\d+]/g, '')}`;
  return undefined;
}
