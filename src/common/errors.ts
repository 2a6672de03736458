/**
 * Every code an answer can carry, once. A client may switch on these for years: never rename one.
 * `problem.ts` maps each to its HTTP status; a code without a status does not compile.
 */
export type ErrorCode =
  | 'invalid_request'
  | 'phone_invalid'
  | 'unauthorized'
  | 'session_invalid'
  | 'forbidden'
  | 'country_not_allowed'
  | 'number_type_not_allowed'
  | 'number_blocked'
  | 'challenge_required'
  | 'verification_not_found'
  | 'hosted_verification_not_found'
  | 'not_found'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'expectation_failed'
  | 'unsupported_media_type'
  | 'verification_approved'
  | 'verification_failed'
  | 'verification_expired'
  | 'verification_canceled'
  | 'verification_superseded'
  | 'verification_pending'
  | 'result_used'
  | 'result_expired'
  | 'idempotency_in_progress'
  | 'idempotency_key_reused'
  | 'resend_too_soon'
  | 'send_limit_reached'
  | 'limit_reached'
  | 'budget_exhausted'
  | 'recipient_locked'
  | 'rate_limited'
  | 'internal'
  | 'unavailable';

/** One invalid field of a request: `path` as the client wrote it (`metadata.plan`), `message` with the remedy. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/**
 * What an error may tell besides its code. Nothing here ever holds a code, a key or a full phone number.
 */
export interface ErrorDetails {
  /** One sentence for a developer: what is wrong and what to do. */
  readonly detail?: string;
  /** For `invalid_request` and `phone_invalid`. */
  readonly errors?: readonly FieldProblem[];
  /** The machine-readable rule behind a refusal, e.g. `too_short` for `phone_invalid`. */
  readonly reason?: string;
  /** `limit_reached` only: the limit, by its name in the settings. */
  readonly rule?: string;
  /** `challenge_required` only: what the person is to be shown. */
  readonly challenge?: Readonly<Record<string, string | number>>;
  /** The pending verification that a refused create ran into. */
  readonly verificationId?: string;
  /** Seconds, rounded up; becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** `recipient_locked` only: the end of the lock; null when only an unlock ends it. */
  readonly lockedUntil?: Date | null;
}

/** The one error that services throw; `ProblemFilter` turns it into an RFC 9457 answer. */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
  ) {
    super(details.detail ?? code);
    this.name = 'DomainError';
  }
}

/** 503: nothing is known to have happened, or the outcome is unknown; repeating with the same idempotency key is safe. */
export function unavailable(detail: string, retryAfterSeconds = 1): DomainError {
  return new DomainError('unavailable', { detail, retryAfterSeconds });
}
