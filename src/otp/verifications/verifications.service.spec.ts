import type { Principal } from '../../applications/application';
import type { CheckService } from './check.service';
import type { IdempotentService } from './idempotency/idempotent.service';
import { VerificationsService } from './verifications.service';
import type { OutcomeService } from './outcome.service';
import { refusalError } from './refusals';
import type { SlotAnswer } from '../slots/slot.repository';
import type { PlanService } from './start/plan.service';
import type { StartService } from './start/start.service';

const principal = { application: { id: 'app', settings: {} }, keyId: 'key' } as unknown as Principal;

describe('a send for a verification that its slot has forgotten', () => {
  // Catches: 404 for what GET shows, from 24 hours after the end on.
  it('says how it ended', async () => {
    const forgotten = { ok: false, refusal: { kind: 'not_found' }, slot: null, now: new Date() };
    const starts = { admit: () => undefined, resend: async () => forgotten };
    const outcomes = {
      read: async () => ({ purpose: 'login', status: 'failed' }),
      verificationOf: async (_: Principal, __: string, answer: SlotAnswer & { ok: false }) => {
        throw refusalError(answer.refusal as { kind: 'not_found' }, answer.now);
      },
    };
    const otp = new VerificationsService(
      { requireChannel: () => undefined } as unknown as PlanService,
      starts as unknown as StartService,
      {} as CheckService,
      outcomes as unknown as OutcomeService,
      {} as IdempotentService,
    );
    await expect(otp.send(principal, 'v', {})).rejects.toMatchObject({ code: 'verification_failed' });
  });
});
