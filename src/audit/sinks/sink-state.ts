/** How far a sink came, and when it is asked again after a failure. */

export interface SinkState {
  readonly name: string;
  /** Everything up to here was taken. */
  readonly pos: bigint;
  /** In a row. */
  readonly failures: number;
  /** Of the first of them; null: none. */
  readonly failingSince: Date | null;
  /** Not before then; null: at once. */
  readonly retryAt: Date | null;
  /** A word, never a message: those may quote values. */
  readonly lastError: string | null;
  /** Up to which position events were removed before they were taken; null: never. */
  readonly gapUpTo: bigint | null;
  /** When that was noticed last. */
  readonly gapAt: Date | null;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** After so many failures in a row: 1 s, 2 s, 4 s … 60 s. */
export function pauseAfter(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1));
}

/** Whether its pause lasts yet; one that is longer than any must come from a clock that was set back. */
export function isPausing({ retryAt }: Pick<SinkState, 'retryAt'>, now: number): boolean {
  if (retryAt === null) return false;
  const left = retryAt.getTime() - now;
  return left > 0 && left <= LONGEST_PAUSE_MS;
}

/** The last position that a sink can never be told of any more; null: it has missed nothing new. */
export function newGap(
  { pos, gapUpTo }: Pick<SinkState, 'pos' | 'gapUpTo'>,
  deletedUpTo: bigint | null,
): bigint | null {
  if (deletedUpTo === null || deletedUpTo <= pos) return null;
  return gapUpTo !== null && deletedUpTo <= gapUpTo ? null : deletedUpTo;
}

/** What of an error may be shown: a code or a name in one word. */
export function errorWord(error: unknown): string {
  try {
    const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
    const word = [code, name].find((one) => typeof one === 'string' || typeof one === 'number');
    return /^[\w.-]{1,40}$/.test(String(word)) && word !== undefined ? String(word) : 'error';
  } catch {
    return 'error';
  }
}
