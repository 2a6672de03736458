import type { DomainError, ErrorCode, ErrorDetails } from './errors';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

/** The HTTP status and the title of every code: one that is missing here does not compile. */
export const problemKinds: Readonly<Record<ErrorCode, ProblemKind>> = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  phone_invalid: { status: 400, title: 'This is not a valid phone number' },
  unauthorized: { status: 401, title: 'The API key is missing or not valid' },
  session_invalid: { status: 401, title: 'The session token is missing, not valid or over' },
  forbidden: { status: 403, title: 'The API key does not allow this' },
  country_not_allowed: { status: 403, title: 'This country is not allowed' },
  number_type_not_allowed: { status: 403, title: 'This type of phone number is not allowed' },
  number_blocked: { status: 403, title: 'This phone number is blocked' },
  challenge_required: { status: 403, title: 'The person has to answer a challenge first' },
  verification_not_found: { status: 404, title: 'There is no such verification' },
  hosted_verification_not_found: { status: 404, title: 'There is no such hosted verification' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'This address does not take this method' },
  payload_too_large: { status: 413, title: 'The request is too large' },
  expectation_failed: { status: 417, title: 'This Expect header cannot be met' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  verification_approved: { status: 409, title: 'The verification is already approved' },
  verification_failed: { status: 409, title: 'The verification has failed' },
  verification_expired: { status: 409, title: 'The verification has expired' },
  verification_canceled: { status: 409, title: 'The verification was canceled' },
  verification_superseded: { status: 409, title: 'A newer verification replaced this one' },
  verification_pending: { status: 409, title: 'A verification is already pending' },
  result_used: { status: 409, title: 'This result was redeemed before' },
  result_expired: { status: 409, title: 'This result is too old' },
  idempotency_in_progress: { status: 409, title: 'A request with this Idempotency-Key is still running' },
  idempotency_key_reused: { status: 422, title: 'This Idempotency-Key was used for a different request' },
  resend_too_soon: { status: 429, title: 'It is too soon to send again' },
  send_limit_reached: { status: 429, title: 'The limit of sends is reached' },
  limit_reached: { status: 429, title: 'A limit of this application is reached' },
  budget_exhausted: { status: 429, title: 'The budget of this application is used up' },
  recipient_locked: { status: 429, title: 'The recipient is locked after wrong guesses' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'The service cannot answer right now' },
};

/** An RFC 9457 problem; what does not apply is absent. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail?: string;
  readonly errors?: ErrorDetails['errors'];
  readonly reason?: string;
  readonly rule?: string;
  readonly challenge?: ErrorDetails['challenge'];
  readonly verificationId?: string;
  /** ISO 8601; null when only an unlock ends the lock. */
  readonly lockedUntil?: string | null;
  readonly requestId?: string;
}

export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemBody;
}

export const problemMediaType = 'application/problem+json';

/** A lock that only an unlock ends has no end to wait for: clients are told to come back in an hour. */
const RETRY_AFTER_ENDLESS_LOCK_SECONDS = 3600;
const RETRY_AFTER_DEFAULT_SECONDS = 1;

/** The answer for an error: the only place where a code becomes HTTP. */
export function toProblem(error: DomainError, requestId?: string): Problem {
  const { status, title } = problemKinds[error.code];
  const { lockedUntil } = error.details;
  return {
    status,
    headers: problemHeaders(error, status),
    body: {
      type: `urn:sixdigit:problem:${error.code}`,
      title,
      status,
      code: error.code,
      ...given(error.details),
      ...(lockedUntil !== undefined && { lockedUntil: lockedUntil?.toISOString() ?? null }),
      ...(requestId !== undefined && { requestId }),
    },
  };
}

const inOrder = ['detail', 'errors', 'reason', 'rule', 'challenge', 'verificationId'] as const;

/** What does not apply is absent. */
function given(details: ErrorDetails): Partial<ProblemBody> {
  const there = inOrder.filter((name) => details[name] !== undefined);
  return Object.fromEntries(there.map((name) => [name, details[name]]));
}

function problemHeaders(error: DomainError, status: number): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': problemMediaType };
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  const isWorthWaiting = status === 429 || status === 503 || error.details.retryAfterSeconds !== undefined;
  if (isWorthWaiting) headers['retry-after'] = String(retryAfterSeconds(error.details));
  return headers;
}

function retryAfterSeconds({ retryAfterSeconds: seconds, lockedUntil }: ErrorDetails): number {
  if (seconds !== undefined) return Math.max(1, Math.ceil(seconds));
  return lockedUntil === null ? RETRY_AFTER_ENDLESS_LOCK_SECONDS : RETRY_AFTER_DEFAULT_SECONDS;
}
