import { FakeBudgets } from '../fakes/budgets.fake';
import { describeBudgets } from './budgets.contract';

describeBudgets('budgets in memory', () => new FakeBudgets());
