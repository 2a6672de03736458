/** Control characters, line ends, lone surrogates, and marks that reverse the direction of a text. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Whether a text can stand in a message to a person as it is: something visible, on one line. */
export function isDisplayText(text: string): boolean {
  return text.trim().length > 0 && !unprintable.test(text);
}

/** The canonical form of a BCP 47 tag (`es-mx` becomes `es-MX`), or null when it is none. */
export function canonicalLocale(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}
