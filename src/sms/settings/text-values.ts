/** Control characters, line ends, lone surrogates, and marks that reverse the direction of a text. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Whether a text can stand in a message to a person as it is: something visible, on one line. */
export function isDisplayText(text: string): boolean {
  return text.trim().length > 0 && !unprintable.test(text);
}
