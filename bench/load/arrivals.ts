import { randomInt } from 'node:crypto';

export type ArrivalKind = 'poisson' | 'fixed';

const RESOLUTION = 2 ** 32;

/** Uniform in (0, 1]. */
const uniform = (): number => (randomInt(RESOLUTION) + 1) / RESOLUTION;

/**
 * The instants, in ms from the start, at which pairs are meant to begin. Fixed before the run, so that a slow
 * server cannot slow its own load down (coordinated omission).
 */
export function arrivals(
  ratePerSecond: number,
  seconds: number,
  kind: ArrivalKind,
  random: () => number = uniform,
): number[] {
  const times: number[] = [];
  const mean = 1000 / ratePerSecond;
  for (let at = 0; at < seconds * 1000; at += kind === 'fixed' ? mean : -Math.log(random()) * mean)
    times.push(at);
  return times;
}
