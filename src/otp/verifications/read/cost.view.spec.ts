import type { AttemptRecord } from '../../slots/slot';
import { attemptView, costView, partsOf } from './cost.view';

const attempt = (change: Partial<AttemptRecord> = {}): AttemptRecord => ({
  provider: 'x',
  outcome: 'accepted',
  reason: null,
  vendorCode: null,
  latencyMs: 1,
  reference: null,
  parts: 1,
  estimate: { micros: 34_500, currency: 'EUR' },
  price: null,
  ...change,
});

describe('what a verification cost', () => {
  it('is summed over all calls of all deliveries, per currency', () => {
    const dollars = attempt({ estimate: { micros: 10, currency: 'USD' } });
    expect(costView([{ attempts: [attempt(), dollars] }, { attempts: [attempt()] }]).estimated).toEqual([
      { currency: 'EUR', micros: 69_000 },
      { currency: 'USD', micros: 10 },
    ]);
  });

  it('tells what gateways reported apart from what we think', () => {
    const attempts = [attempt({ price: { micros: 40_000, currency: 'EUR' } }), attempt({ estimate: null })];
    expect(costView([{ attempts }])).toEqual({
      estimated: [{ currency: 'EUR', micros: 34_500 }],
      reported: [{ currency: 'EUR', micros: 40_000 }],
    });
  });

  it('is told for each call, with what the call was', () => {
    expect(attemptView(attempt({ reference: 'm-1', parts: 2 }))).toEqual({
      provider: 'x',
      outcome: 'accepted',
      reason: null,
      vendorCode: null,
      latencyMs: 1,
      reference: 'm-1',
      parts: 2,
      estimate: { currency: 'EUR', micros: 34_500 },
      price: null,
    });
  });

  it('has the parts of the text that was taken', () => {
    const rejected = attempt({ outcome: 'rejected', parts: 3 });
    expect(partsOf({ attempts: [attempt({ parts: 2 }), rejected] })).toBe(2);
    expect(partsOf({ attempts: [rejected] })).toBeNull();
  });
});
