import type { AuditService } from '../../audit/audit.service';
import type { Refusal } from '../../audit/refusals';
import type { Principal } from '../../applications/application';
import type { DeliveriesService } from '../deliveries/deliveries.service';
import { OutcomeService } from './outcome.service';
import type { ReaderService } from './read/reader.service';
import type { SlotAnswer } from '../slots/slot.repository';
import type { VerificationAnswer } from './verifications.dto';

const principal = { application: { id: 'app' }, keyId: 'key' } as Principal;

function setup() {
  const awaited: string[] = [];
  const refusals: Refusal[] = [];
  const outcomes = new OutcomeService(
    { get: async () => ({}) } as unknown as ReaderService,
    { recordRefusal: (refusal: Refusal) => refusals.push(refusal) } as unknown as AuditService,
    { settled: async (id: string) => void awaited.push(id) } as unknown as DeliveriesService,
  );
  return { outcomes, awaited, refusals };
}

describe('outcomes', () => {
  // Catches: waiting for an earlier text, which another instance may hold, so that the call returns at once.
  it('waits for the text that the call itself caused', async () => {
    const { outcomes, awaited } = setup();
    const deliveries = ['first', 'second'].map((id) => ({ id, state: 'sending' }));
    await outcomes.whenSent(principal, { id: 'v', deliveries } as VerificationAnswer, 1);
    expect(awaited).toEqual(['second']);
  });

  // Catches: a guess at a superseded code in the audit trail of the verification that took its place.
  it('audits a refusal under the verification that the call named', async () => {
    const { outcomes, refusals } = setup();
    const slot = {
      _id: 'slot',
      ids: ['old', 'new'],
      purpose: 'login',
      current: { id: 'new', masked: '+34' },
    };
    const answer = { ok: false, refusal: { kind: 'ended', status: 'superseded' }, slot, now: new Date() };
    const asked = outcomes.verificationOf(principal, 'old', answer as unknown as SlotAnswer);
    await expect(asked).rejects.toMatchObject({ code: 'verification_superseded' });
    expect(refusals).toMatchObject([{ verificationId: 'old', subject: 'slot' }]);
  });
});
