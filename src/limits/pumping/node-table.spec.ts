import fc from 'fast-check';
import { advance, debtAt } from './node';
import { NodeTable } from './node-table';
import { debtHalfLifeMs } from './rules';

const steps = fc.array(
  fc.record({
    key: fc.integer({ min: 0, max: 30 }),
    passedMs: fc.integer({ min: 0, max: 600_000 }),
    change: fc.constantFrom(1, 1, 1, -2),
  }),
  { maxLength: 300 },
);

const nobody = (): void => undefined;

function run(table: NodeTable, all: readonly { key: number; passedMs: number; change: number }[]): number {
  let now = 0;
  for (const { key, passedMs, change } of all) {
    now += passedMs;
    const node = table.at(key, now);
    advance(node, now);
    node.debt = Math.max(0, node.debt + change);
  }
  return now;
}

describe('nodes of a level', () => {
  // Catches: a forgotten node starts from nothing, so that an attack over many prefixes cleans its slate.
  it('have at least the debt that they would have without a bound', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 20 }), (all, capacity) => {
        const [small, large] = [new NodeTable(capacity, nobody), new NodeTable(1_000, nobody)];
        const now = run(small, all);
        run(large, all);
        for (let key = 0; key <= 30; key += 1) {
          const node = small.peek(key);
          const debt = node ? debtAt(node, now) : small.forgottenDebt(now);
          const known = large.peek(key);
          expect(debt).toBeGreaterThanOrEqual((known ? debtAt(known, now) : 0) - 1e-9);
        }
        expect(small.size).toBeLessThanOrEqual(capacity);
      }),
    );
  });

  it('forget the least indebted: a flood over millions of prefixes weighs what all of it is per place', () => {
    const table = new NodeTable(1_000, nobody);
    table.at(-1, 0).debt = 11;
    for (let key = 0; key < 5_000; key += 1) table.at(key, key).debt += 1;
    expect([table.size, table.peek(-1)?.debt]).toEqual([1_000, 11]);
    expect(table.forgottenDebt(5_000)).toBeLessThanOrEqual(2 * 5);
    expect(table.forgottenDebt(5_000 + 10 * debtHalfLifeMs)).toBeLessThan(0.01);
  });

  it('forget those who paid first, so that many honest prefixes weigh nothing', () => {
    const table = new NodeTable(1_000, nobody);
    for (let key = 0; key < 100_000; key += 1) table.at(key, key).debt += key % 1_000 === 0 ? 1 : 0;
    expect(table.forgottenDebt(100_000)).toBe(0);
  });
});

describe('the draw of those to forget', () => {
  /** Keys in the order in which they go, when so many more come to a full table. */
  function goneFrom(prepare: (table: NodeTable, key: number) => void, more: number): number[] {
    const gone: number[] = [];
    const table = new NodeTable(64, (key) => gone.push(key));
    for (let key = 0; key < 64; key += 1) prepare(table, key);
    for (let key = 64; key < 64 + more; key += 1) table.at(key, 0);
    return gone;
  }

  // Catches: another draw. Processes of two versions read one log for a while, and have to forget the same.
  it('is the same in every version', () => {
    const gone = goneFrom((table, key) => (table.at(key, 0).debt = 1 + ((key * 37) % 64)), 6);
    expect(gone).toEqual([45, 40, 4, 64, 21, 9]);
  });

  it('takes the first of those that are equal', () => {
    expect(goneFrom((table, key) => table.at(key, 0), 4)).toEqual([15, 1, 55, 8]);
  });

  // Catches: always the first place when all are blocked, so that one node after the other is thrown out there.
  it('takes the first that it draws when all are blocked', () => {
    expect(goneFrom((table, key) => (table.at(key, 0).blockedUntil = 1), 1)).toEqual([15]);
  });
});
