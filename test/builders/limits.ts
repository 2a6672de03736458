import { defaultLimits } from '../../src/limits/counts/limit';

/** Every built-in limit turned off: for floods that are about something else. */
export const noLimits = Object.fromEntries(
  Object.keys(defaultLimits).map((name) => [name, { disabled: true }]),
);
