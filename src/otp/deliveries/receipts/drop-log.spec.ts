import { dropLog } from './drop-log';
import { ReceiptCounters } from './receipt-counters';

function setup() {
  const lines: unknown[] = [];
  const clock = { now: 0, monotonic: () => clock.now };
  const log = dropLog({ warn: (...line) => void lines.push(line) }, clock);
  return { counters: new ReceiptCounters(log), lines, clock };
}

describe('receipts that lead to nothing', () => {
  // Catches: a vendor whose receipts are set up wrongly, and nobody who learns of it.
  it('are counted by gateway, and by kind for the health check', () => {
    const { counters } = setup();
    counters.drop('acme', 'unknown-delivery', 2);
    counters.drop('acme', 'malformed');
    counters.drop('other', 'forged');
    counters.drop('other', 'no-reference', 0);
    expect(['acme', 'other', 'none'].map((name) => counters.droppedOf(name))).toEqual([3, 1, 0]);
    expect(counters.report()).toMatchObject({ applied: 0, unknown: 2, malformed: 1, forged: 1 });
  });

  it('are told of once a minute, by gateway and reason', () => {
    const { counters, lines, clock } = setup();
    for (let n = 0; n < 100; n += 1) counters.drop('acme', 'unknown-delivery');
    counters.drop('acme', 'no-reference');
    counters.drop('other', 'unknown-delivery');
    clock.now = 60_000;
    counters.drop('acme', 'unknown-delivery');
    const told = 'a receipt led to nothing; the same is told once a minute';
    expect(lines).toEqual([
      [told, { gateway: 'acme', reason: 'unknown-delivery' }],
      [told, { gateway: 'acme', reason: 'no-reference' }],
      [told, { gateway: 'other', reason: 'unknown-delivery' }],
      [told, { gateway: 'acme', reason: 'unknown-delivery' }],
    ]);
  });
});
