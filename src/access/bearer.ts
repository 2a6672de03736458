/**
 * The token of an `Authorization` header (RFC 6750 §2.1), or null when there is none that could be a key: the
 * scheme in any case, one or more spaces, visible ASCII.
 */
export function bearerToken(header: string | undefined): string | null {
  const match = header === undefined ? null : /^bearer +([\x21-\x7e]{1,512})$/i.exec(header);
  return match?.[1] ?? null;
}
