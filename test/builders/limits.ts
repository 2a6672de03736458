import { defaultLimits } from '../../src/limits/counts/limit';

/** Every built-in limit turned off: for floods that are about something else. */
export const noLimits = Object.fromEntries(
  Object.keys(defaultLimits).map((name) => [name, { disabled: true }]),
);

/** Every built-in limit out of reach: all of them are charged, and nobody is refused. */
export const wideLimits = Object.fromEntries(
  Object.keys(defaultLimits).map((name) => [name, { max: 100_000_000 }]),
);
