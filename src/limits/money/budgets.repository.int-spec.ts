import { describeBudgets } from '../../../test/contracts/budgets.contract';
import { useDatabase } from '../../../test/support/mongo';
import { BUDGETS, type BudgetDocument } from './budget.schema';
import { BudgetsRepository } from './budgets.repository';
import { capsOf } from './caps';

const test = useDatabase();
const open = () => new BudgetsRepository(test.durableDb);

describeBudgets('budgets in the database', open);

it('a budget is kept for long after its period, and then no more', async () => {
  const limit = { amountMicros: 100, currency: 'EUR' };
  const [cap] = capsOf('kept', null, { budgets: [{ period: 'month', limit }] }, new Date('2026-11-27'));
  await open().allot(cap!, 1);
  const stored = await test.durableDb.collection<BudgetDocument>(BUDGETS).findOne({ _id: cap!.id });
  expect(stored?.purgeAt).toEqual(new Date('2027-01-10T00:00:00Z'));
});
