/** A vendor's words or codes, listed by what they mean to us, as a look-up: the meaning of a code. */
export function codeTable<Meaning extends string>(
  codes: Readonly<Partial<Record<Meaning, readonly (number | string)[]>>>,
): ReadonlyMap<string, Meaning> {
  const rows = Object.entries(codes) as [Meaning, readonly (number | string)[]][];
  return new Map(rows.flatMap(([meaning, list]) => list.map((code) => [String(code), meaning] as const)));
}
