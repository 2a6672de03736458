const LONGEST_WAIT_SECONDS = 10;

/**
 * The `wait` of a `Prefer` header (RFC 7240 §4.3) in seconds, at most 10; undefined without one or with one
 * that makes no sense: a preference is never an error.
 */
export function waitSecondsOf(prefer: string | undefined): number | undefined {
  const match = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,4})"?(?:$|[,;\s])/i.exec(prefer ?? '');
  return match ? Math.min(Number(match[1]), LONGEST_WAIT_SECONDS) : undefined;
}
