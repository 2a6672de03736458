import { Logger } from '@nestjs/common';
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
