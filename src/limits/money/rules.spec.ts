import fc from 'fast-check';
import { moneyProblems } from './budget-rules';
import { capsOf, type Budget } from './caps';
import { estimateOf } from './estimate';
import { grantOf, levelsReached } from './grant';
import { moneyFields } from './money-settings.dto';

const EUR = (amountMicros: number) => ({ amountMicros, currency: 'EUR' });
const month: Budget = { period: 'month', limit: EUR(500) };
const spain: Budget = { country: 'ES', period: 'day', limit: EUR(20) };

describe('the caps of a send', () => {
  const rulesOf = (country: string | null) =>
    capsOf('app', country, { budgets: [month, spain] }, new Date('2026-12-31T23:59:59.999Z'));

  it('are those for all countries, and for the country of its number', () => {
    expect(rulesOf('ES').map(({ rule }) => rule)).toEqual(['budgets.month', 'budgets.ES.day']);
    for (const country of ['PT', null])
      expect(rulesOf(country).map(({ rule }) => rule)).toEqual(['budgets.month']);
  });

  it('are named by application, country, period and currency, and end with their period in UTC', () => {
    expect(rulesOf('ES').map(({ id, endsAt }) => [id, endsAt.toISOString()])).toEqual([
      ['app:*:2026-12:EUR', '2027-01-01T00:00:00.000Z'],
      ['app:ES:2026-12-31:EUR', '2027-01-01T00:00:00.000Z'],
    ]);
  });
});

describe('an estimate', () => {
  const book = [
    { micros: 30, currency: 'EUR' },
    { micros: 45, currency: 'EUR' },
    { micros: 900, currency: 'USD' },
  ];

  it('is all parts by the highest price in the currency of the budgets', () => {
    expect(estimateOf({ parts: 2, prices: book }, EUR(10))).toBe(90);
  });

  // Catches: a message that is free because nobody knows what it costs.
  it.each([
    ['no price', []],
    ['a price in another currency', [{ micros: 900, currency: 'USD' }]],
    ['a price of zero', [{ micros: 0, currency: 'EUR' }]],
  ])('goes by the assumed price where there is %s, and is never zero', (_, prices) => {
    expect(estimateOf({ parts: 3, prices }, EUR(10))).toBe(30);
    expect(estimateOf({ parts: 0, prices }, EUR(10))).toBe(10);
  });
});

describe('a grant', () => {
  const micros = fc.integer({ min: 0, max: 1_000_000 });

  it('is what is needed at least, fits into the cap, and leaves most of it to others', () => {
    const ask = fc.record({
      limitMicros: micros,
      needMicros: fc.integer({ min: 1, max: 1_000 }),
      wantMicros: micros,
    });
    fc.assert(
      fc.property(micros, ask, (allotted, asked) => {
        const granted = grantOf(allotted, asked);
        const room = asked.limitMicros - allotted;
        if (granted === 0) return room < asked.needMicros;
        return (
          granted <= room && granted >= asked.needMicros && granted <= Math.max(asked.needMicros, room / 16)
        );
      }),
    );
  });

  it.each([
    [49, false, []],
    [50, false, [50]],
    [80, false, [50, 80]],
    [100, false, [50, 80, 100]],
    [140, false, [50, 80, 100]],
    [30, true, [50, 80, 100]],
  ])('of %d in 100, refused: %s, reaches the levels %j', (allotted, isRefused, levels) => {
    expect(levelsReached(allotted, 100, isRefused)).toEqual(levels);
  });
});

describe('settings about money', () => {
  it('are right with one budget for each country and period, and a price for what is not known', () => {
    expect(
      moneyProblems({ budgets: [month, spain, { ...spain, country: 'PT' }], assumedPrice: EUR(9) }),
    ).toEqual([]);
    expect(moneyProblems({ assumedPrice: EUR(9) })).toEqual([]);
    expect(moneyProblems({})).toEqual([]);
  });

  it.each([
    [
      'a budget twice',
      { budgets: [spain, spain], assumedPrice: EUR(9) },
      'settings.budgets.1',
      /Keep one of .*budgets\.0/,
    ],
    [
      'two currencies',
      { budgets: [month, { ...spain, limit: { amountMicros: 1, currency: 'USD' } }], assumedPrice: EUR(9) },
      'settings.budgets.1.limit.currency',
      /Use EUR, as budgets\.0 does/,
    ],
    [
      'an assumed price in another currency',
      { budgets: [month], assumedPrice: { amountMicros: 9, currency: 'USD' } },
      'settings.assumedPrice.currency',
      /Use EUR/,
    ],
    ['no assumed price', { budgets: [month] }, 'settings.assumedPrice', /Say what a part costs .* in EUR/],
  ])('name the field and the remedy for %s', (_, settings, path, message) => {
    expect(moneyProblems(settings)).toEqual([{ path, message: expect.stringMatching(message) }]);
  });

  it.each([
    ['zero', 0, /Use at least 1/],
    ['less than zero', -5, /Use at least 1/],
    ['a fraction', 0.5, /whole number of millionths/],
    ['more than there is', 2e15, /Use/],
  ])('refuse a limit of %s', (_, amountMicros, message) => {
    const parsed = moneyFields.budgets.safeParse([{ period: 'day', limit: EUR(amountMicros) }]);
    expect(parsed.error?.issues.map((issue) => issue.message)).toEqual([expect.stringMatching(message)]);
  });

  it.each(['EURO€', 'eur', ''])('refuse the currency %j', (currency) => {
    expect(moneyFields.assumedPrice.safeParse({ amountMicros: 1, currency }).success).toBe(false);
  });

  it('take countries in either case, and refuse a million budgets', () => {
    const parsed = moneyFields.budgets.parse([{ ...spain, country: 'es' }]);
    expect(parsed[0]?.country).toBe('ES');
    expect(moneyFields.budgets.safeParse(Array.from({ length: 501 }, () => spain)).success).toBe(false);
  });
});
