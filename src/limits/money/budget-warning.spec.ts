import { warningOf } from './budget-warning';
import { capsOf } from './caps';

describe('a budget warning', () => {
  const limit = { amountMicros: 500, currency: 'EUR' };
  const at = new Date('2026-11-27T12:00:00Z');
  const cap = capsOf('app', 'ES', { budgets: [{ country: 'ES', period: 'day', limit }] }, at)[0]!;

  // Catches: an id without the limit or the level, so that a later warning counts as told.
  it('has an id of cap, limit and level, and names the job that noticed', () => {
    expect(warningOf(cap, 80, at)).toEqual({
      id: 'budget:app:ES:2026-11-27:EUR:500:80',
      type: 'budget_warning',
      applicationId: 'app',
      verificationId: null,
      seq: null,
      at,
      actor: 'job:budget',
      purpose: null,
      to: null,
      data: {
        rule: 'budgets.ES.day',
        percent: 80,
        limitMicros: 500,
        currency: 'EUR',
        until: '2026-11-28T00:00:00.000Z',
      },
    });
  });
});
