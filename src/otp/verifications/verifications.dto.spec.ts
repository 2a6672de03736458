import { aDelivery, anAttempt, aRecord, at } from '../../../test/builders/slot-state.builder';
import { viewOf } from './read/verification.view';
import { toAnswer, toListQuery, verificationSchema } from './verifications.dto';

const money = (micros: number) => ({ micros, currency: 'EUR' });

describe('the answer about a verification', () => {
  it('is the view in the words of the API, as the document of the API has it', () => {
    const attempts = [anAttempt({ estimate: money(34_500), price: money(40_000) })];
    const record = aRecord({ deliveries: [aDelivery({ attempts, attemptedAt: at(1) })] });
    const personal = { to: '+447700900123', metadata: { plan: 'a' } };
    const answer = toAnswer(viewOf(record, { purpose: 'login', sends: [at(0)], personal, now: at(1_000) }));
    expect(verificationSchema.strict().parse(answer)).toEqual(answer);
    expect(answer).toMatchObject({
      createdAt: '2026-01-01T00:00:00.000Z',
      endedAt: null,
      sends: { used: 1, max: 5, nextAt: '2026-01-01T00:00:30.000Z' },
      deliveries: [
        {
          attemptedAt: '2026-01-01T00:00:00.001Z',
          attempts: [
            {
              estimate: { amount: '0.034500', currency: 'EUR', micros: 34_500 },
              price: { amount: '0.040000', currency: 'EUR', micros: 40_000 },
            },
          ],
        },
      ],
      cost: { estimated: [{ amount: '0.034500', currency: 'EUR', micros: 34_500 }] },
      metadata: { plan: 'a' },
    });
  });

  it('tells nothing of what a caller adds to the view', () => {
    const view = viewOf(aRecord(), { purpose: 'login', sends: [], personal: null, now: at(0) });
    const started = { ...view, outcome: 'started', replayed: false };
    expect(toAnswer(started)).toEqual(toAnswer(view));
  });
});

describe('a query', () => {
  it('has its times as dates', () => {
    expect(toListQuery({ purpose: 'login', createdAfter: '2030-01-31T12:00:00+01:00' })).toEqual({
      purpose: 'login',
      createdAfter: new Date('2030-01-31T11:00:00Z'),
    });
  });
});
