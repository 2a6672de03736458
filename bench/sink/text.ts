/** The first run of 4 to 10 digits that stands alone: minutes and years in our own texts are shorter or come later. */
export function codeIn(text: string): string | null {
  return /(?<!\d)\d{4,10}(?!\d)/.exec(text)?.[0] ?? null;
}
