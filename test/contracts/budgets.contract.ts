import { capsOf } from '../../src/limits/money/caps';
import type { BudgetsRepository } from '../../src/limits/money/budgets.repository';

type Commands = Pick<BudgetsRepository, 'now' | 'allottedMicros' | 'allot' | 'giveBack' | 'book'>;

/** What the money of processes relies on, for the fake as for the database. */
export function describeBudgets(name: string, open: () => Commands): void {
  const cap = (limitMicros: number) => {
    const limit = { amountMicros: limitMicros, currency: 'EUR' };
    return capsOf(
      name,
      null,
      { budgets: [{ period: 'day', limit }] },
      new Date(Date.UTC(2099, 0, next++)),
    )[0]!;
  };
  let next = 1;

  describe(name, () => {
    it('gives money while there is room, to the last millionth, and tells how much is out', async () => {
      const [budgets, one] = [open(), cap(100)];
      expect(await budgets.allottedMicros(one.id)).toBe(0);
      expect(await budgets.allot(one, 60)).toBe('allotted');
      expect(await budgets.allot(one, 41)).toBe('no-room');
      expect(await budgets.allot(one, 40)).toBe('allotted');
      expect(await budgets.allot(one, 1)).toBe('no-room');
      expect(await budgets.allottedMicros(one.id)).toBe(100);
    });

    // Catches: a guard that is read before it is written.
    it('never gives more than there is, however many ask at once', async () => {
      const [budgets, one] = [open(), cap(100)];
      const asked = await Promise.all(
        Array.from({ length: 30 }, () => budgets.allot(one, 7).catch(() => 'failed' as const)),
      );
      const given = asked.filter((answer) => answer === 'allotted').length;
      expect(given).toBeLessThanOrEqual(14);
      expect(given).toBeGreaterThan(0);
      expect(await budgets.allottedMicros(one.id)).toBe(given * 7);
    });

    it('takes back what is out and no more, and books beyond the limit', async () => {
      const [budgets, one] = [open(), cap(100)];
      await budgets.giveBack(one.id, 5);
      await budgets.allot(one, 30);
      await budgets.giveBack(one.id, 31);
      expect(await budgets.allottedMicros(one.id)).toBe(30);
      await budgets.giveBack(one.id, 10);
      await budgets.book(one.id, 200);
      expect(await budgets.allottedMicros(one.id)).toBe(220);
      expect(await budgets.allot(one, 1)).toBe('no-room');
    });

    it('tells its own time', async () => {
      expect(await open().now()).toBeInstanceOf(Date);
    });
  });
}
