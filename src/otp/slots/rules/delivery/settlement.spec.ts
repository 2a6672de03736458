import { EUR } from '../../../../../test/builders/delivery.builder';
import { aDelivery, anAttempt } from '../../../../../test/builders/slot-state.builder';
import type { AttemptRecord } from '../../slot';
import { settled } from './settlement';

const charge = { micros: 30, currency: 'EUR', caps: ['*:2026-11-27'] };
const call = (change: Partial<AttemptRecord> = {}) => anAttempt({ charge, price: null, ...change });
const between = (before: readonly AttemptRecord[], after: readonly AttemptRecord[]) =>
  settled(aDelivery({ attempts: before }), aDelivery({ attempts: after })).settlements;

describe('the money of a call', () => {
  it('is settled when its price becomes known, by the difference to what stood for it', () => {
    expect(between([call()], [call({ price: EUR(12) })])).toEqual([{ charge, costMicros: 12 }]);
    const first = call({ price: EUR(12) });
    expect(between([first], [call({ price: EUR(45) })])).toEqual([
      { charge: { ...charge, micros: 12 }, costMicros: 45 },
    ]);
  });

  // Catches: a receipt that comes twice, or to two processes, and gives its money back each time.
  it('is not settled by who finds the price there already', () => {
    const priced = call({ price: EUR(12) });
    expect(between([priced], [priced])).toBeUndefined();
  });

  // Catches: the whole charge of a long text given back for the price of its first part.
  it('waits until all parts have their price', () => {
    const parts = 3;
    const one = call({ parts, price: EUR(10), pricedParts: ['a'] });
    const all = call({ parts, price: EUR(24), pricedParts: ['a', 'b', 'c'] });
    const whole = call({ parts, price: EUR(24), pricedParts: ['*'] });
    expect(between([call({ parts })], [one])).toBeUndefined();
    expect(between([one], [all])).toEqual([{ charge, costMicros: 24 }]);
    expect(between([one], [whole])).toEqual([{ charge, costMicros: 24 }]);
    const dear = call({ parts, price: EUR(40), pricedParts: ['a'] });
    expect(between([one], [dear])).toEqual([{ charge, costMicros: 40 }]);
  });

  it('is as it was charged where the price is in another currency, and never less than nothing', () => {
    expect(between([call()], [call({ price: { micros: 1, currency: 'USD' } })])).toBeUndefined();
    expect(between([call()], [call({ price: EUR(-5) })])).toEqual([{ charge, costMicros: 0 }]);
  });

  it('of a call that is new in the record is settled if receipts told its price before', () => {
    expect(between([], [call()])).toBeUndefined();
    expect(between([], [call({ price: EUR(30) })])).toBeUndefined();
    expect(between([anAttempt()], [call({ price: EUR(5) })])).toEqual([{ charge, costMicros: 5 }]);
  });

  it('is nobody’s business where nothing was charged', () => {
    expect(between([anAttempt()], [anAttempt({ price: EUR(5) })])).toBeUndefined();
  });
});
