/** Why a call about a verification was refused, as the errors that the API promises. */
import { DomainError, unavailable } from '../../common/errors';
import type { Refusal } from '../slots/rules/decision';
import { CODE_REMEDY } from './start/code';

/** `Retry-After` of a lock that only an unlock ends. */
const LOCKED_FOR_GOOD_SECONDS = 3600;

const endedDetails = {
  approved: 'The verification was approved before; a code works once.',
  failed: 'The verification failed: too many wrong checks.',
  expired: 'The verification expired. Create a new one.',
  canceled: 'The verification was canceled.',
  superseded: 'A newer verification took the place of this one.',
} as const;

const secondsUntil = (until: Date, now: Date): number =>
  Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));

export const verificationNotFound = (): DomainError =>
  new DomainError('verification_not_found', { detail: 'There is no such verification.' });

export function notACode(): DomainError {
  return new DomainError('invalid_request', {
    detail: 'The code has not the form of a code; nothing was charged.',
    errors: [{ path: 'code', message: CODE_REMEDY }],
  });
}

export const overloaded = (): DomainError => unavailable('The server is overloaded. Try again.');

/** Chance, not load: see `CreateOutcome`. */
export const noIdLeft = (): DomainError =>
  unavailable('No id could be drawn for this verification. Try again.');

type Of<Kind extends Refusal['kind']> = Extract<Refusal, { kind: Kind }>;

/** Each kind of refusal by its error; `now` is the database's time. */
const errors: { [Kind in Refusal['kind']]: (refusal: Of<Kind>, now: Date) => DomainError } = {
  not_found: () => verificationNotFound(),
  ended: ({ status }) => new DomainError(`verification_${status}`, { detail: endedDetails[status] }),
  pending: ({ verificationId }) =>
    new DomainError('verification_pending', {
      detail: 'A verification of this recipient is pending, and the policy is to reject another.',
      verificationId,
    }),
  locked: ({ until }, now) =>
    new DomainError('recipient_locked', {
      detail: 'Too many wrong checks for this recipient. Wait, or unlock the recipient.',
      lockedUntil: until,
      retryAfterSeconds: until ? secondsUntil(until, now) : LOCKED_FOR_GOOD_SECONDS,
    }),
  too_soon: ({ until }, now) =>
    new DomainError('resend_too_soon', {
      detail: 'The last text to this recipient is too recent.',
      retryAfterSeconds: secondsUntil(until, now),
    }),
  send_limit: ({ until, verificationId }, now) =>
    new DomainError('send_limit_reached', {
      detail: 'Too many texts to this recipient in the window.',
      retryAfterSeconds: secondsUntil(until, now),
      ...(verificationId ? { verificationId } : {}),
    }),
  unknown_key: () =>
    unavailable('This instance has not read the key of this code yet. Try again; nothing was charged.'),
  backlogged: () => unavailable('Too many events of this recipient wait to be stored. Try again.', 5),
};

export function refusalError<Kind extends Refusal['kind']>(refusal: Of<Kind>, now: Date): DomainError {
  const error: (refusal: Of<Kind>, now: Date) => DomainError = errors[refusal.kind];
  return error(refusal, now);
}
