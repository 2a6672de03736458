import { microsOf, viewOf, type Bill } from './bill';
import { capsOf, type MoneySettings } from './caps';
import { Purse } from './purse';

const EUR = (amountMicros: number) => ({ amountMicros, currency: 'EUR' });
const budgets = [
  { period: 'day', limit: EUR(500) },
  { period: 'month', limit: EUR(9_000) },
] as const;

const billOf = (settings: MoneySettings, cost: Bill['cost'] = () => ({ parts: 2, prices: [] })): Bill => ({
  applicationId: 'app',
  country: 'ES',
  settings,
  cost,
});

describe('what a call takes', () => {
  it('is all its parts by the assumed price where no price is known', () => {
    expect(microsOf(billOf({ budgets, assumedPrice: EUR(10) }))).toBe(20);
  });

  // Catches: calls that are free because an application has budgets and no assumed price.
  it('is a whole limit for each part where the assumed price is missing', () => {
    expect(microsOf(billOf({ budgets }))).toBe(1_000);
  });

  it.each([
    ['no settings about money', {}],
    ['an empty list of budgets', { budgets: [] }],
  ])('is nothing with %s, and its cost is not asked for', (_, settings) => {
    const cost = jest.fn();
    expect(microsOf(billOf(settings, cost))).toBe(0);
    expect(cost).not.toHaveBeenCalled();
  });
});

describe('what is used of a cap', () => {
  const cap = capsOf('app', null, { budgets }, new Date('2026-11-27T12:00:00Z'))[0]!;
  const purse = new Purse(cap.id);
  purse.allottedMicros = 100;
  purse.put(30);

  it('is what is allotted, without what lies in this process', () => {
    expect(viewOf(cap, purse)).toEqual({ cap, usedMicros: 70 });
  });

  it('goes by what the document says where that is known', () => {
    expect(viewOf(cap, purse, 250)).toEqual({ cap, usedMicros: 220 });
  });

  it('is all that is allotted where this process has no purse', () => {
    expect(viewOf(cap, undefined, 250)).toEqual({ cap, usedMicros: 250 });
    expect(viewOf(cap, undefined)).toEqual({ cap, usedMicros: 0 });
  });
});
