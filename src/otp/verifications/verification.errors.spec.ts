import type { Refusal } from '../slots/rules/decision';
import { refusalError } from './verification.errors';

const now = new Date('2030-01-31T12:00:00.000Z');
const later = (ms: number): Date => new Date(now.getTime() + ms);

describe('the error of a refusal', () => {
  it.each<[Refusal, string, object]>([
    [{ kind: 'not_found' }, 'verification_not_found', {}],
    [{ kind: 'ended', status: 'approved' }, 'verification_approved', {}],
    [{ kind: 'ended', status: 'failed' }, 'verification_failed', {}],
    [{ kind: 'ended', status: 'expired' }, 'verification_expired', {}],
    [{ kind: 'ended', status: 'canceled' }, 'verification_canceled', {}],
    [{ kind: 'ended', status: 'superseded' }, 'verification_superseded', {}],
    [{ kind: 'pending', verificationId: 'v' }, 'verification_pending', { verificationId: 'v' }],
    [
      { kind: 'locked', until: later(29_001) },
      'recipient_locked',
      { lockedUntil: later(29_001), retryAfterSeconds: 30 },
    ],
    [{ kind: 'locked', until: null }, 'recipient_locked', { lockedUntil: null, retryAfterSeconds: 3_600 }],
    [{ kind: 'too_soon', until: later(1) }, 'resend_too_soon', { retryAfterSeconds: 1 }],
    [{ kind: 'too_soon', until: later(0) }, 'resend_too_soon', { retryAfterSeconds: 1 }],
    [
      { kind: 'send_limit', until: later(60_000), verificationId: 'v' },
      'send_limit_reached',
      { retryAfterSeconds: 60, verificationId: 'v' },
    ],
    [{ kind: 'unknown_key' }, 'unavailable', { retryAfterSeconds: 1 }],
    [{ kind: 'backlogged' }, 'unavailable', { retryAfterSeconds: 5 }],
  ])('%j is %s', (refusal, code, details) => {
    expect(refusalError(refusal, now)).toMatchObject({ code, details });
  });

  it('names no verification where the window is full and none is pending', () => {
    const full = refusalError({ kind: 'send_limit', until: later(1_000), verificationId: null }, now);
    expect(full.details).not.toHaveProperty('verificationId');
  });
});
