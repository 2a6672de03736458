import { mongo } from 'mongoose';

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

/** The driver's words for a command that may not have reached the server, or whose answer did not come back. */
const lostCommands = [
  mongo.MongoNetworkError,
  mongo.MongoServerSelectionError,
  mongo.MongoWriteConcernError,
  mongo.MongoOperationTimeoutError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongo.MongoClientClosedError,
];

export function classifyFailure(error: unknown): WriteFailure {
  if (lostCommands.some((kind) => error instanceof kind)) return 'indeterminate';
  // Not exported by the driver as a class; the operation never left, and the caller may not know better.
  if (error instanceof Error && error.name === 'MongoWaitQueueTimeoutError') return 'indeterminate';
  const code = (error as { code?: unknown } | null)?.code;
  if (code === DUPLICATE_KEY) return 'collision';
  return typeof code === 'number' && indeterminateCodes.has(code) ? 'indeterminate' : 'refused';
}
