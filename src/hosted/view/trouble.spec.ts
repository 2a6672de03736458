import { later, NOON } from '../../../test/builders/hosted';
import { DomainError, unavailable, type ErrorCode, type ErrorDetails } from '../../common/errors';
import { noTrouble, numberTrouble, troubleOf, type Trouble } from './trouble';

const asked = { now: NOON, isGiven: false, hadAnswer: false };

describe('what went wrong', () => {
  it.each<[ErrorCode, ErrorDetails, Trouble]>([
    ['resend_too_soon', { retryAfterSeconds: 20 }, { problem: 'too_soon', until: later(20) }],
    ['send_limit_reached', { retryAfterSeconds: 60 }, { screen: 'limit', until: later(60) }],
    ['limit_reached', { retryAfterSeconds: 60 }, { screen: 'limit', until: later(60) }],
    ['budget_exhausted', {}, { screen: 'limit', until: null }],
    ['verification_pending', {}, { screen: 'limit', until: null }],
    ['recipient_locked', { lockedUntil: later(30) }, { screen: 'locked', until: later(30) }],
    ['recipient_locked', { lockedUntil: null }, { screen: 'locked', until: null }],
    ['country_not_allowed', {}, { screen: 'number', problem: 'country_not_allowed' }],
    ['number_type_not_allowed', {}, { screen: 'number', problem: 'number_type' }],
    ['phone_invalid', { reason: 'too_short' }, { screen: 'number', problem: 'number_too_short' }],
    ['rate_limited', {}, { problem: 'busy' }],
    ['idempotency_in_progress', {}, { problem: 'busy' }],
    ['verification_approved', {}, noTrouble],
    ['verification_not_found', {}, noTrouble],
  ])('%s', (code, details, trouble) => {
    expect(troubleOf(new DomainError(code, details), asked)).toEqual(trouble);
  });

  it('is told as it was when the server cannot answer', () => {
    expect(troubleOf(unavailable('later'), asked)).toEqual({ problem: 'unavailable' });
  });

  // Catches: a page that tells a stranger which numbers are on a block list.
  it('is the same for a number that is blocked and for one that is not reached', () => {
    for (const isGiven of [true, false])
      expect(troubleOf(new DomainError('number_blocked'), { ...asked, isGiven })).toEqual({
        screen: 'unreachable',
      });
  });

  it('about a number that was given is nothing that the person could mend', () => {
    const error = new DomainError('country_not_allowed');
    expect(troubleOf(error, { ...asked, isGiven: true })).toEqual({ screen: 'unreachable' });
  });

  it('is a challenge, and a failed one where there was an answer', () => {
    const error = new DomainError('challenge_required', { challenge: { check: 'turnstile', siteKey: 'k' } });
    const challenge = { check: 'turnstile', siteKey: 'k' };
    expect(troubleOf(error, asked)).toEqual({ screen: 'challenge', challenge });
    expect(troubleOf(error, { ...asked, hadAnswer: true })).toEqual({
      screen: 'challenge',
      challenge,
      problem: 'challenge_failed',
    });
  });

  it('of ours is no trouble of a person', () => {
    expect(troubleOf(new DomainError('internal'), asked)).toBeNull();
    expect(troubleOf(new Error('broken'), asked)).toBeNull();
  });

  it('with a number has a sentence of its own where the person can do something', () => {
    expect(['country_required', 'too_long', 'outdated_format', null].map(numberTrouble)).toEqual([
      'country_missing',
      'number_too_long',
      'number_invalid',
      'number_invalid',
    ]);
  });
});
