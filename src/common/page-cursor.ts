/** The place in a list, newest first, after which the next page begins. */
export interface PagePosition {
  readonly createdAt: Date;
  readonly id: string;
}

/** A page of a list as the API answers it. */
export interface Page<T> {
  readonly data: readonly T[];
  /** For the `cursor` of the next call; null on the last page. */
  readonly nextCursor: string | null;
}

/** Opaque to clients. */
export function encodeCursor({ createdAt, id }: PagePosition): string {
  return Buffer.from(`${createdAt.getTime()}.${id}`).toString('base64url');
}

/** Null when the text is no cursor of ours. */
export function decodeCursor(cursor: string): PagePosition | null {
  const match = /^(\d{1,15})\.([\w-]{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString());
  return match?.[1] && match[2] ? { createdAt: new Date(Number(match[1])), id: match[2] } : null;
}

/** The page made of up to `limit + 1` rows; the one too many only tells that there is a next page. */
export function toPage<T extends PagePosition>(rows: readonly T[], limit: number): Page<T> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, nextCursor: rows.length > limit && last ? encodeCursor(last) : null };
}
