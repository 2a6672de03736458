import type { Claim, IdempotencyRecord } from '../../src/otp/verifications/idempotency/idempotency';

/** A call that is under way, by its first attempt. */
export function aRunningRecord(
  times: Pick<IdempotencyRecord, 'takenAt' | 'expiresAt'> = { takenAt: new Date(0), expiresAt: new Date(1) },
): IdempotencyRecord {
  return {
    _id: 'record',
    fingerprint: 'print',
    opId: 'op',
    verificationId: 'verification',
    attempt: 'first',
    state: 'running',
    response: null,
    ...times,
  };
}

/** The same request again, with ids of its own. */
export function aClaim(): Claim {
  return { fingerprint: 'print', attempt: 'second', opId: 'op2', verificationId: 'verification2' };
}
