import { capsOf, isCapped, type Budget } from './caps';

const limit = { amountMicros: 500, currency: 'EUR' };
const daily: Budget = { period: 'day', limit };
const monthly: Budget = { period: 'month', limit };
const spain: Budget = { country: 'ES', period: 'day', limit };

const capAt = (budget: Budget, now: string) => capsOf('app', 'ES', { budgets: [budget] }, new Date(now))[0]!;
const endOf = (budget: Budget, now: string): string => capAt(budget, now).endsAt.toISOString();

describe('the end of a cap', () => {
  // Catches: a daily budget that lasts until the end of the month, or the other way round.
  it.each([
    ['2026-11-27T12:00:00.000Z', '2026-11-28T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
    ['2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
    ['2028-02-28T23:59:59.999Z', '2028-02-29T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
    ['2026-12-31T00:00:00.000Z', '2027-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ])('of %s is %s for the day, and %s for the month', (now, day, month) => {
    expect(endOf(daily, now)).toBe(day);
    expect(endOf(monthly, now)).toBe(month);
  });
});

describe('a cap', () => {
  it('says all of its budget', () => {
    expect(capAt(spain, '2026-11-27T12:00:00Z')).toEqual({
      id: 'app:ES:2026-11-27:EUR',
      key: 'ES:2026-11-27',
      rule: 'budgets.ES.day',
      period: 'day',
      applicationId: 'app',
      currency: 'EUR',
      limitMicros: 500,
      endsAt: new Date('2026-11-28T00:00:00Z'),
    });
  });

  it('holds for no send without budgets', () => {
    expect(capsOf('app', 'ES', {}, new Date(0))).toEqual([]);
    expect(isCapped({}, 'ES')).toBe(false);
    expect(isCapped({}, null)).toBe(false);
  });

  it('holds for its own country, or for all', () => {
    expect(['ES', 'PT', null].map((country) => isCapped({ budgets: [spain] }, country))).toEqual([
      true,
      false,
      false,
    ]);
    expect(['ES', 'PT', null].map((country) => isCapped({ budgets: [daily] }, country))).toEqual([
      true,
      true,
      true,
    ]);
  });
});
