/** Refusals of the engine as the errors that the API promises. */
import { DomainError, unavailable } from '../common/errors';
import type { Refusal } from './slot/slot.answers';

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

/** @param refusal never `joined_quietly`: that is an answer, not an error. */
export function refusalError(
  refusal: Exclude<Refusal, { kind: 'allowed' } | { kind: 'joined_quietly' }>,
  now: Date,
): DomainError {
  switch (refusal.kind) {
    case 'not_found':
      return verificationNotFound();
    case 'ended':
      return new DomainError(`verification_${refusal.status}`, { detail: endedDetails[refusal.status] });
    case 'pending':
      return new DomainError('verification_pending', {
        detail: 'A verification of this recipient is pending, and the policy is to reject another.',
        verificationId: refusal.verificationId,
      });
    case 'locked':
      return new DomainError('recipient_locked', {
        detail: 'Too many wrong checks for this recipient. Wait, or unlock the recipient.',
        lockedUntil: refusal.until,
        retryAfterSeconds: refusal.until ? secondsUntil(refusal.until, now) : LOCKED_FOR_GOOD_SECONDS,
      });
    case 'too_soon':
      return new DomainError('resend_too_soon', {
        detail: 'The last text to this recipient is too recent.',
        retryAfterSeconds: secondsUntil(refusal.until, now),
      });
    case 'send_limit':
      return new DomainError('send_limit_reached', {
        detail: 'Too many texts to this recipient in the window.',
        retryAfterSeconds: secondsUntil(refusal.until, now),
        ...(refusal.verificationId ? { verificationId: refusal.verificationId } : {}),
      });
    case 'unknown_key':
      return unavailable(
        'This instance has not read the key of this code yet. Try again; nothing was charged.',
      );
    case 'backlogged':
      return unavailable('Too many events of this recipient wait to be stored. Try again.', 5);
  }
}
