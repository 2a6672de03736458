import { DomainError } from '../common/errors';
import { toDomainError } from '../common/foreign-error';
import { SixdigitError, toSixdigitError } from './sixdigit-error';

describe('SixdigitError', () => {
  it('carries what the API would say', () => {
    const lockedUntil = new Date(Date.UTC(2026, 0, 1));
    const error = toSixdigitError(
      new DomainError('recipient_locked', { detail: 'Wait.', retryAfterSeconds: 30, lockedUntil }),
    );
    expect(error).toBeInstanceOf(SixdigitError);
    expect({ ...error, message: error.message }).toMatchObject({
      code: 'recipient_locked',
      message: 'Wait.',
      retryAfterSeconds: 30,
      details: { lockedUntil: '2026-01-01T00:00:00.000Z' },
    });
    expect(toSixdigitError(new DomainError('not_found')).retryAfterSeconds).toBeUndefined();
  });

  // Catches: words of the driver that reach a caller, who may show them.
  it('keeps what is no error of ours to its cause', () => {
    const cause = new Error('the code 483920 of +447700900123');
    const error = toSixdigitError(cause);
    expect([error.code, error.message, error.cause]).toEqual(['internal', 'internal', cause]);
  });

  it('is answered as what it stands for', () => {
    const known = new DomainError('resend_too_soon', { retryAfterSeconds: 7 });
    expect(toDomainError(toSixdigitError(known))).toBe(known);
  });
});
