import { isDatabaseUnavailable } from '../foreign-error';

/**
 * - `collision`: two upserts met (E11000); running again helps.
 * - `indeterminate`: the write may or may not have happened, or may yet.
 * - `refused`: it certainly did not happen and would not the next time.
 */
export type WriteFailure = 'collision' | 'indeterminate' | 'refused';

const DUPLICATE_KEY = 11000;

/**
 * NotWritablePrimary, NotPrimaryNoSecondaryOk, Interrupted, InterruptedAtShutdown, InterruptedDueToReplStateChange,
 * PrimarySteppedDown, ShutdownInProgress; also MaxTimeMSExpired, ExceededTimeLimit, host unreachable/not found and
 * network time-out as servers relay them. Source: MongoDB's error_codes.yml and the SDAM specification.
 */
const indeterminateCodes = new Set([
  10107, 13435, 13436, 11601, 11600, 11602, 91, 189, 50, 262, 6, 7, 89, 9001, 64, 100,
]);

export function classifyFailure(error: unknown): WriteFailure {
  if (isDatabaseUnavailable(error)) return 'indeterminate';
  const code = (error as { code?: unknown } | null)?.code;
  if (code === DUPLICATE_KEY) return 'collision';
  return typeof code === 'number' && indeterminateCodes.has(code) ? 'indeterminate' : 'refused';
}
