import { capsOf, type Budget } from './caps';
import { capIdsOf, nothingOwed, Payment } from './payment';
import { Purse } from './purse';

const EUR = (micros: number) => ({ micros, currency: 'EUR' });
const limit = { amountMicros: 1_000, currency: 'EUR' };
const budgets: readonly Budget[] = [
  { period: 'month', limit },
  { country: 'ES', period: 'day', limit },
];
const caps = capsOf('app', 'ES', { budgets }, new Date('2026-11-27T12:00:00Z'));
const keys = ['*:2026-11', 'ES:2026-11-27'];

/** A call that took 10 from each of two purses; `left` is what they hold beside that. */
function paid(left: readonly [number, number] = [0, 0]) {
  const purses = left.map((micros, at) => {
    const purse = new Purse(`cap-${at}`);
    purse.put(micros);
    return purse;
  });
  const debts: string[] = [];
  const payment = new Payment(10, caps, purses, ({ capId }) => debts.push(capId));
  return { payment, debts, inHand: () => purses.map((purse) => purse.inHand) };
}

describe('a payment', () => {
  it('that is given back is in every purse again', () => {
    const { payment, debts, inHand } = paid();
    payment.giveBack();
    expect(inHand()).toEqual([10, 10]);
    expect(debts).toEqual([]);
  });

  // Catches: a debt of nothing, which costs a write for every call that was exactly as dear as its estimate.
  it('that stands is charged as it was taken, and leaves no debt in an empty purse', () => {
    const { payment, debts, inHand } = paid();
    expect(payment.stands()).toEqual({ micros: 10, currency: 'EUR', caps: keys });
    expect(inHand()).toEqual([0, 0]);
    expect(debts).toEqual([]);
  });

  it('for a call that was cheaper is charged at the price, and the rest is in hand again', () => {
    const { payment, debts, inHand } = paid([0, 5]);
    expect(payment.costs(EUR(4))).toEqual({ micros: 4, currency: 'EUR', caps: keys });
    expect(inHand()).toEqual([6, 11]);
    expect(debts).toEqual([]);
  });

  it('for a call that was dearer is a debt only of the purse that cannot pay it', () => {
    const { payment, debts, inHand } = paid([1, 0]);
    expect(payment.costs(EUR(11))).toEqual({ micros: 11, currency: 'EUR', caps: keys });
    expect(inHand()).toEqual([0, -1]);
    expect(debts).toEqual(['cap-1']);
  });

  // Catches: a gateway that reports a negative price and so makes money.
  it.each([0, -3])(
    'for a call that cost %i is charged nothing, and gives back no more than it took',
    (micros) => {
      const { payment, inHand } = paid();
      expect(payment.costs(EUR(micros))).toEqual({ micros: 0, currency: 'EUR', caps: keys });
      expect(inHand()).toEqual([10, 10]);
    },
  );

  it('stands when the price is in another currency', () => {
    const { payment, inHand } = paid();
    expect(payment.costs({ micros: 4, currency: 'USD' })).toEqual({
      micros: 10,
      currency: 'EUR',
      caps: keys,
    });
    expect(inHand()).toEqual([0, 0]);
  });

  it('is decided once', () => {
    const { payment, debts, inHand } = paid();
    payment.giveBack();
    payment.giveBack();
    payment.costs(EUR(99));
    expect(inHand()).toEqual([10, 10]);
    expect(debts).toEqual([]);
  });

  it('pays for a call of its own price, until it is decided', () => {
    const { payment } = paid();
    expect([9, 10, 11].map((micros) => payment.canPay(micros))).toEqual([false, true, false]);
    payment.stands();
    expect(payment.canPay(10)).toBe(false);
  });
});

describe('where no cap holds', () => {
  it('nothing is charged, whatever the call cost', () => {
    expect(nothingOwed.stands()).toBeNull();
    expect(nothingOwed.costs(EUR(4))).toBeNull();
  });
});

describe('a charge', () => {
  it('leads back to the documents of its caps', () => {
    const charge = { micros: 10, currency: 'EUR', caps: keys };
    expect(capIdsOf('app', charge)).toEqual(caps.map(({ id }) => id));
  });
});
