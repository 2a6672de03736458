import type { ErrorCode, FieldProblem } from '../common/errors';
import { toDomainError } from '../common/foreign-error';

/** What an error says besides its code. What does not apply is absent. Never holds a code, a key or a full number. */
export interface SixdigitErrorDetails {
  /** With `invalid_request` and `phone_invalid`: which fields, as you wrote them, and what to do. */
  readonly errors?: readonly FieldProblem[];
  /** The rule behind a refusal, for a machine, e.g. `too_short` with `phone_invalid`. */
  readonly reason?: string;
  /** With `limit_reached`: the limit, by its name in the settings. */
  readonly rule?: string;
  /** With `challenge_required`: what the person is to be shown. */
  readonly challenge?: Readonly<Record<string, string | number>>;
  /** With `verification_pending`: the one that is. */
  readonly verificationId?: string;
  /** With `recipient_locked`: ISO 8601, or null when only an unlock ends the lock. */
  readonly lockedUntil?: string | null;
}

/**
 * The one error that the services throw. `code` is a promise: it is the `code` of the HTTP API's problem documents, and
 * is never renamed. `message` is one sentence for a developer.
 *
 * `internal`: a fault of ours, see `cause`. `unavailable`: nothing is known to have happened, or the
 * outcome is unknown; the same call with the same idempotency key is safe.
 */
export class SixdigitError extends Error {
  override readonly name = 'SixdigitError';
  readonly code: ErrorCode;
  readonly details: SixdigitErrorDetails;
  /** After how many whole seconds the same call may work. Absent: waiting does not help, or nobody knows. */
  readonly retryAfterSeconds?: number;

  constructor(
    code: ErrorCode,
    message: string,
    more: {
      readonly details?: SixdigitErrorDetails;
      readonly retryAfterSeconds?: number | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.details = more.details ?? {};
    if (more.retryAfterSeconds !== undefined) this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** Whatever a step below has thrown, in the words of the API. */
export function toSixdigitError(error: unknown): SixdigitError {
  if (error instanceof SixdigitError) return error;
  const known = toDomainError(error);
  const { detail: _, retryAfterSeconds, lockedUntil, ...rest } = known.details;
  const details = {
    ...rest,
    ...(lockedUntil !== undefined && { lockedUntil: lockedUntil?.toISOString() ?? null }),
  };
  // Thrown on by a controller beside ours, it is answered as what it stands for.
  const cause = known.code === 'internal' ? error : known;
  return new SixdigitError(known.code, known.message, { details, retryAfterSeconds, cause });
}

/** A call whose errors are {@link SixdigitError}s. */
export async function answering<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw toSixdigitError(error);
  }
}
