import { Logger } from '@nestjs/common';
import { systemClock } from '../common/clock';
import type { AuditEvent } from './audit-event';
import type { AuditRepository } from './audit.repository';
import { AuditService } from './audit.service';

describe('refused calls', () => {
  // Catches: a rejection that nobody handles, which ends the process.
  it('are only reported as lost when they cannot be stored', async () => {
    const warnings: unknown[] = [];
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation((text) => void warnings.push(text));
    const repository: Pick<AuditRepository, 'append'> = { append: () => Promise.reject(new Error('away')) };
    const audit = new AuditService(repository as AuditRepository, { now: () => 1_000, monotonic: () => 0 });
    audit.recordRefusal({
      type: 'access_denied',
      applicationId: 'app',
      actor: 'anonymous',
      rule: 'unauthorized',
      subject: '192.0.2.7',
    });
    await audit.onApplicationShutdown();
    warn.mockRestore();
    expect(warnings).toEqual(['1 audit events of refused calls could not be stored']);
  });
});

describe('the write after which the last events are seen', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  // Catches: a write before the last event is old enough, which shows nothing; one for each event.
  it('is made once, three seconds after the last event', async () => {
    const advanceClusterTime = jest.fn(() => Promise.resolve());
    const repository = { append: () => Promise.resolve(), advanceClusterTime };
    const audit = new AuditService(repository as unknown as AuditRepository, systemClock);
    for (let n = 0; n < 5; n += 1) {
      await audit.append([{} as AuditEvent]);
      await jest.advanceTimersByTimeAsync(1_000);
    }
    await jest.advanceTimersByTimeAsync(2_000);
    expect(advanceClusterTime).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(200);
    expect(advanceClusterTime).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(advanceClusterTime).toHaveBeenCalledTimes(1);
  });
});
