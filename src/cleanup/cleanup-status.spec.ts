import { CleanupStatus, jobsProbe } from './cleanup-status';

describe('jobsProbe', () => {
  it('shows every job by one word, from before its first run', async () => {
    const status = new CleanupStatus({ now: () => 5_000, monotonic: () => 0 });
    status.register('relay');
    status.ran('idempotency-records', new Date(2_500));
    status.failed('expiry', Object.assign(new Error('quotes a value'), { code: 91 }));
    expect(await jobsProbe(status).check()).toEqual({
      ok: true,
      details: {
        relayLagSeconds: 0,
        idempotencyRecordsLagSeconds: 2.5,
        expiryLagSeconds: 0,
        expiryError: '91',
      },
    });
  });
});
