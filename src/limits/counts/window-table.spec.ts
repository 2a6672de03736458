import fc from 'fast-check';
import { WindowTable, type Cell } from './window-table';

const T0 = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const cell = (change: Partial<Cell> = {}): Cell => ({ key: 4711, windowSeconds: 600, ...change });

describe('a window', () => {
  it('counts what happened in its length, and up to a tenth longer', () => {
    const table = new WindowTable();
    table.add(cell(), 1, T0, T0);
    // One tenth of ten minutes: what was counted at its beginning leaves with its end.
    expect(table.count(cell(), T0 + 10 * MINUTE)).toBe(1);
    expect(table.count(cell(), T0 + 11 * MINUTE - 1)).toBe(1);
    expect(table.count(cell(), T0 + 11 * MINUTE)).toBe(0);
  });

  // Catches: a clock that steps back makes room.
  it('counts what lies ahead of the clock', () => {
    const table = new WindowTable();
    table.add(cell(), 3, T0 + 60 * MINUTE, T0 + 60 * MINUTE);
    expect(table.count(cell(), T0)).toBe(3);
  });

  it('is one of its key and its length', () => {
    const table = new WindowTable();
    table.add(cell(), 1, T0, T0);
    expect(table.count(cell({ windowSeconds: 3600 }), T0)).toBe(0);
    expect(table.count(cell({ key: 4712 }), T0)).toBe(0);
  });

  it('gives back what was counted at that moment, and no more', () => {
    const table = new WindowTable();
    table.add(cell(), 2, T0, T0);
    table.remove(cell(), 1, T0);
    expect(table.count(cell(), T0)).toBe(1);
    table.remove(cell(), 5, T0);
    table.remove(cell(), 1, T0 + 5 * MINUTE);
    table.remove(cell({ key: 1 }), 1, T0);
    expect(table.count(cell(), T0)).toBe(0);
  });

  it('gives back what is known a moment late, across the border of a tenth', () => {
    const table = new WindowTable();
    table.add(cell(), 1, T0 - 5, T0);
    table.remove(cell(), 1, T0 + 5);
    expect(table.count(cell(), T0 + 5)).toBe(0);
  });

  it('forgets what was counted until a moment, and nothing later', () => {
    const table = new WindowTable();
    for (const minute of [0, 2, 4]) table.add(cell(), 1, T0 + minute * MINUTE, T0 + minute * MINUTE);
    table.forget(cell(), T0 + 2 * MINUTE);
    expect(table.count(cell(), T0 + 4 * MINUTE)).toBe(1);
  });

  it('says when there will be room', () => {
    const table = new WindowTable();
    for (const minute of [0, 2, 4]) table.add(cell(), 1, T0 + minute * MINUTE, T0 + minute * MINUTE);
    const now = T0 + 5 * MINUTE;
    expect(table.until(cell(), 3, now)).toBe(T0 + 11 * MINUTE);
    expect(table.until(cell(), 1, now)).toBe(T0 + 15 * MINUTE);
    expect(table.until(cell(), 4, now)).toBe(now);
  });
});

/** As simple as it can be said: every event that is not older than the window. */
class EveryEvent {
  readonly events: (Cell & { readonly at: number })[] = [];

  inWindow({ key, windowSeconds }: Cell, now: number, slackMs: number): number {
    return this.events.filter(
      (one) =>
        one.key === key &&
        one.windowSeconds === windowSeconds &&
        one.at > now - windowSeconds * 1000 - slackMs,
    ).length;
  }
}

const aCell = fc.record({
  key: fc.integer({ min: 1, max: 40 }),
  windowSeconds: fc.constantFrom(10, 600, 86_400),
});
const aStep = fc.record({
  cell: aCell,
  passMs: fc.integer({ min: 0, max: 200_000 }),
  isUndone: fc.boolean(),
});

describe('windows', () => {
  // Catches: a tenth that is dropped early, a record that is lost when cells are rebuilt or freed ones are used again.
  it('never count less than happened, and never more than in a tenth longer', () => {
    fc.assert(
      fc.property(fc.array(aStep, { minLength: 1, maxLength: 300 }), (steps) => {
        const table = new WindowTable();
        const truth = new EveryEvent();
        let now = T0;
        for (const { cell: one, passMs, isUndone } of steps) {
          now += passMs;
          table.add(one, 1, now, now);
          if (isUndone) table.remove(one, 1, now);
          else truth.events.push({ ...one, at: now });
          const counted = table.count(one, now);
          expect(counted).toBeGreaterThanOrEqual(truth.inWindow(one, now, 0));
          expect(counted).toBeLessThanOrEqual(truth.inWindow(one, now, one.windowSeconds * 100));
        }
      }),
      { numRuns: 200 },
    );
  });

  // Catches: a limit whose window is forgotten when others push it out.
  it('of a hundred thousand keys are all kept, and forgotten once they have run out', () => {
    const table = new WindowTable();
    const keys = Array.from({ length: 100_000 }, (_, index) => (index + 1) * 2_654_435_761);
    for (const key of keys) table.add(cell({ key }), 1, T0, T0);
    expect(keys.filter((key) => table.count(cell({ key }), T0) !== 1)).toEqual([]);
    expect(table.bytes).toBeLessThan(100_000 * 100);
    const later = T0 + 60 * MINUTE;
    for (let key = 1; key <= 300_000; key++) table.add(cell({ key: key * 7 }), 1, later, later);
    expect(table.size).toBeLessThan(320_000);
  });

  // Catches: memory that grows for a day with every person who typed a code.
  it.each(['forget', 'remove'] as const)('of keys that were given back take no memory (%s)', (how) => {
    const table = new WindowTable();
    for (let key = 1; key <= 100_000; key++) {
      table.add(cell({ key }), 1, T0, T0);
      if (how === 'forget') table.forget(cell({ key }), T0);
      else table.remove(cell({ key }), 1, T0);
    }
    expect(table.size).toBeLessThan(2_000);
    expect(table.bytes).toBeLessThan(100_000);
  });

  // Catches: a key that is forgotten although one of its tenths still counts.
  it('keep what still counts of a key that was given back in part', () => {
    const table = new WindowTable();
    table.add(cell(), 1, T0, T0);
    table.add(cell(), 1, T0 + 2 * MINUTE, T0 + 2 * MINUTE);
    table.forget(cell(), T0);
    for (let key = 1; key <= 5_000; key++) table.add(cell({ key: key * 7 + 1 }), 1, T0, T0);
    expect(table.count(cell(), T0 + 2 * MINUTE)).toBe(1);
  });

  it('tell what memory they take, and are empty again once cleared', () => {
    const table = new WindowTable();
    // 1,024 cells of 16 bytes and as many records of 12.
    expect([table.size, table.bytes]).toEqual([0, 1024 * 28]);
    for (let key = 1; key <= 3_000; key++) table.add(cell({ key }), 1, T0, T0);
    // 3,000 fill more than 0.7 of 4,096 cells, and 2,048 records.
    expect([table.size, table.bytes]).toEqual([3_000, 8_192 * 16 + 4_096 * 12]);
    table.clear();
    expect([table.size, table.count(cell({ key: 1 }), T0)]).toEqual([0, 0]);
    expect(table.bytes).toBeLessThan(8_192 * 16);
  });

  // Catches: half a second of searching for every call while the table is full.
  it('look for what has run out at most every ten seconds', () => {
    const table = new WindowTable(1024);
    for (let key = 1; table.add(cell({ key }), 1, T0, T0); key++);
    const gone = T0 + 11 * MINUTE;
    expect(table.isFull(gone - 5_000)).toBe(true);
    expect(table.isFull(gone + 4_999)).toBe(true);
    expect(table.isFull(gone + 5_001)).toBe(false);
    expect(table.size).toBe(0);
  });

  it('are not full while they can grow, and are at 0.7 of the most cells', () => {
    const table = new WindowTable(2048);
    let added = 0;
    while (table.add(cell({ key: added + 1 }), 1, T0, T0)) {
      expect(table.isFull(T0)).toBe(added + 1 >= 0.7 * 2048);
      added += 1;
    }
    expect(added).toBe(Math.ceil(0.7 * 2048));
    expect(table.bytes).toBe(2048 * 16 + 2048 * 12);
  });

  it('say when the oldest that still counts will have left, not those before it', () => {
    const table = new WindowTable();
    table.add(cell(), 1, T0, T0);
    const now = T0 + 11 * MINUTE;
    table.add(cell({ key: 1 }), 1, now, now);
    expect(table.until(cell(), 1, now)).toBe(now);
    expect(table.until(cell(), 1, now - 1)).toBe(now);
  });

  it('take no new key when there is no room, and tell so, until some have run out', () => {
    const table = new WindowTable(1024);
    let added = 0;
    while (table.add(cell({ key: added + 1 }), 1, T0, T0)) added += 1;
    expect(added).toBeGreaterThan(600);
    expect(table.isFull(T0)).toBe(true);
    expect(table.count(cell({ key: 1 }), T0)).toBe(1);
    expect(table.isFull(T0 + 20 * MINUTE)).toBe(false);
    expect(table.add(cell({ key: 999_999 }), 1, T0 + 20 * MINUTE, T0 + 20 * MINUTE)).toBe(true);
  });
});
