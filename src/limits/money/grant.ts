/** How much of a cap one process may take into its own hands. */

/** Of what is left, one process takes at most this share at a time: so many may die before the cap is lost. */
const SHARE = 16;
/** Percent of a cap at which its owners are told. */
const WARNING_LEVELS = [50, 80, 100] as const;

export interface GrantAsk {
  readonly limitMicros: number;
  /** Less is of no use. */
  readonly needMicros: number;
  /** What the process has lately spent in a second, and what waits. */
  readonly wantMicros: number;
}

/** @returns 0 when there is no room for what is needed */
export function grantOf(allottedMicros: number, { limitMicros, needMicros, wantMicros }: GrantAsk): number {
  const room = limitMicros - allottedMicros;
  if (room < needMicros) return 0;
  return Math.max(needMicros, Math.min(wantMicros, Math.floor(room / SHARE)));
}

/** The warning levels that a cap has reached; all of them as soon as a send had to be refused. */
export function levelsReached(allottedMicros: number, limitMicros: number, isRefused: boolean): number[] {
  return WARNING_LEVELS.filter((level) => isRefused || allottedMicros * 100 >= limitMicros * level);
}
