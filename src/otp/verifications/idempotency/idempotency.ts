import { DomainError } from '../../../common/errors';

/** Calls that take an `Idempotency-Key`. */
export type IdempotentRoute = 'create' | 'check' | 'check_recipient';

/** What a finished call came to; refusals are not remembered. The answer is made anew from the verification. */
export interface IdempotentResponse {
  /** A word of the route's own, e.g. `started`. */
  readonly outcome: string;
  /** The verification that was answered: for a create that joined, not the one it was given; empty: none was. */
  readonly verificationId: string;
}

/** The names under which a call runs. All attempts of one call have the same, so that it takes effect once. */
export interface CallIds {
  readonly opId: string;
  readonly verificationId: string;
}

/** The names under which a call runs now. */
export interface RunIds extends CallIds {
  /** The call came with a key, so its outcome may be asked for as long as the record lives. */
  readonly keyed: boolean;
}

/**
 * One key of one application and route. It holds HMACs and random ids only: neither the key, nor a number, nor
 * a code can be read from it.
 */
export interface IdempotencyRecord {
  /** HMAC of (application, route, key): 43 base64url characters. */
  readonly _id: string;
  /** HMAC of the record and the request: tells another request under the same key. */
  readonly fingerprint: string;
  /** The operation on the slot. It stays the same over all attempts, so that it takes effect at most once. */
  readonly opId: string;
  /** For a create, the id that the verification gets; for a check, the one that is checked, empty where none is named. */
  readonly verificationId: string;
  /** Random, new for each attempt: who has this one runs the call, everybody else's writes are fenced off. */
  readonly attempt: string;
  readonly state: 'running' | 'suspended' | 'done';
  readonly takenAt: Date;
  readonly expiresAt: Date;
  readonly response: IdempotentResponse | null;
}

/** What a call brings along to claim its record. */
export type Claim = Pick<IdempotencyRecord, 'fingerprint' | 'attempt' | 'opId' | 'verificationId'>;

/** The call has to be run, under these ids; afterwards `finish`, `release` or `suspend` it. */
export interface Run extends CallIds {
  readonly kind: 'run';
  readonly recordId: string;
  readonly attempt: string;
}

/** The call was answered before: answer the same again. */
export interface Replay extends IdempotentResponse {
  readonly kind: 'replay';
}

/** The first attempt of a call usually ends within milliseconds: a repeat need not wait for a take-over. */
const RETRY_AFTER_SECONDS = 1;

/**
 * What a claim came to, from the record as it stands after it.
 * @throws DomainError `idempotency_key_reused`, `idempotency_in_progress`
 */
export function outcomeOf(record: IdempotencyRecord, claim: Claim): Run | Replay {
  if (record.attempt === claim.attempt) {
    const { _id: recordId, attempt, opId, verificationId } = record;
    return { kind: 'run', recordId, attempt, opId, verificationId };
  }
  if (record.fingerprint !== claim.fingerprint) {
    throw new DomainError('idempotency_key_reused', {
      detail: 'This Idempotency-Key came with another request before. Use a new key for each request.',
    });
  }
  if (record.state === 'done' && record.response !== null) return { kind: 'replay', ...record.response };
  throw new DomainError('idempotency_in_progress', {
    detail: 'A request with this Idempotency-Key is being worked on. Repeat it to get its answer.',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** The refusal is about the key and says nothing of the call. */
export function isAboutKey(error: unknown): boolean {
  return (
    error instanceof DomainError &&
    (error.code === 'idempotency_key_reused' || error.code === 'idempotency_in_progress')
  );
}

/**
 * The key as it may stand in the header. Node joins repeated headers with a comma and a space: they are
 * refused here too.
 * @throws DomainError `invalid_request` naming the header
 */
export function validIdempotencyKey(key: string): string {
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new DomainError('invalid_request', {
    errors: [
      { path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters, without spaces' },
    ],
  });
}

/** JSON with the keys of every object in one order, so that the same request always reads the same. */
export function canonicalJson(value: unknown): string {
  if (value === undefined) return '';
  return JSON.stringify(value, (_, part: unknown) => (isObject(part) ? sorted(part) : part));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
