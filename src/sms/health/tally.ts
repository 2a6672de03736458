/**
 * What went well and what did not within the last while, in four numbers however much it was: time is cut into
 * halves of the window, and the current and the previous half are kept. So between half a window and a whole one
 * is remembered.
 */
export interface Tally {
  readonly windowMs: number;
  /** Which half, counted from the zero of the clock. */
  readonly half: number;
  readonly current: Counts;
  readonly previous: Counts;
}

export interface Counts {
  readonly good: number;
  readonly bad: number;
}

const nothing: Counts = { good: 0, bad: 0 };

export function emptyTally(windowMs: number): Tally {
  return { windowMs, half: 0, current: nothing, previous: nothing };
}

/** @param now monotonic, in ms */
export function counted(tally: Tally, kind: keyof Counts, now: number): Tally {
  const turned = turnedTo(tally, now);
  return { ...turned, current: { ...turned.current, [kind]: turned.current[kind] + 1 } };
}

/** @param now monotonic, in ms */
export function countsOf(tally: Tally, now: number): Counts {
  const { current, previous } = turnedTo(tally, now);
  return { good: current.good + previous.good, bad: current.bad + previous.bad };
}

function turnedTo(tally: Tally, now: number): Tally {
  const half = Math.floor(now / (tally.windowMs / 2));
  if (half === tally.half) return tally;
  return { ...tally, half, previous: half === tally.half + 1 ? tally.current : nothing, current: nothing };
}
