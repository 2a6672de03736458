/** Refusals of the engine as the errors that the API promises. */
import { DomainError, unavailable } from '../../common/errors';
import type { Refusal } from '../slots/slot.answers';

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

type Refused = Exclude<Refusal, { kind: 'allowed' } | { kind: 'joined_quietly' }>;
type Of<Kind extends Refused['kind']> = Extract<Refused, { kind: Kind }>;

/** Each kind of refusal by its error; `now` is the database's time. */
const errors: { [Kind in Refused['kind']]: (refusal: Of<Kind>, now: Date) => DomainError } = {
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

/** @param refusal never `joined_quietly`: that is an answer, not an error. */
export function refusalError<Kind extends Refused['kind']>(refusal: Of<Kind>, now: Date): DomainError {
  const error: (refusal: Of<Kind>, now: Date) => DomainError = errors[refusal.kind];
  return error(refusal, now);
}
