import fc from 'fast-check';
import { formatMoney, parseMoney, times } from './money';

describe('money', () => {
  it.each([
    ['0.0345', 34_500],
    [0.0345, 34_500],
    ['-0.00750', -7_500],
    [12, 12_000_000],
    ['0.0000004', 0],
    ['0.0000005', 1],
    [5e-7, 1],
    ['999999999.999999', 999_999_999_999_999],
  ])('reads %j', (amount, micros) => {
    expect(parseMoney(amount, 'eur')).toEqual({ micros, currency: 'EUR' });
  });

  it.each([['1e-7'], ['1,5'], [''], [null], [undefined], [Number.NaN], [Infinity], ['0x10'], ['1.'], [{}]])(
    'does not guess at %j',
    (amount) => {
      expect(parseMoney(amount, 'EUR')).toBeNull();
    },
  );

  it.each([[null], ['€'], ['E'], [''], [3]])('does not guess at the currency %j', (currency) => {
    expect(parseMoney('1', currency)).toBeNull();
  });

  it('is written as it is read, and multiplied exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.nat(1000), (micros, count) => {
        const money = { micros, currency: 'USD' };
        expect(parseMoney(formatMoney(money), 'USD')).toEqual(money);
        expect(times(money, count).micros).toBe(micros * count);
      }),
    );
  });
});
