/** How many wrong guesses an application takes, over all its recipients. */

/** Any 24 hours; counted in tenths, so up to a tenth longer. */
export const GUESS_WINDOW_SECONDS = 86_400;

/**
 * Over many recipients the expected number of wins is wrong guesses ÷ 10⁶, however they are spread: one in a hundred
 * days with fewer than 10⁴ a day, one in ten days at 10⁵. People who mistype are far below the first.
 */
export const guessLevels = { warn: 10_000, break: 100_000 } as const;
export type GuessLevel = keyof typeof guessLevels;

/** The highest level that so many wrong guesses have reached; null: none. */
export function levelOf(guesses: number): GuessLevel | null {
  if (guesses >= guessLevels.break) return 'break';
  return guesses >= guessLevels.warn ? 'warn' : null;
}

const DAY_MS = 86_400_000;

/**
 * Names the alert of a level, an application and a day (UTC): all instances that see it write the same event, and the
 * log has it once.
 */
export function alertId(applicationId: string, level: GuessLevel, now: number): string {
  return `wrong_guesses:${applicationId}:${Math.floor(now / DAY_MS)}:${level}`;
}
