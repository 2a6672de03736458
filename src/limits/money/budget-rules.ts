import type { FieldProblem } from '../../common/errors';
import type { Budget, MoneySettings } from './caps';

/** What can only be judged by looking at all budgets together. */
export function moneyProblems({ budgets = [], assumedPrice }: MoneySettings): FieldProblem[] {
  const [first] = budgets;
  if (!first) return [];
  const missing = {
    path: 'settings.assumedPrice',
    message: `Say what a part costs where no price is known, in ${first.limit.currency}: budgets need it.`,
  };
  const { currency } = first.limit;
  return [
    ...budgets.flatMap((budget, index) => budgetProblems(budget, index, budgets)),
    ...(assumedPrice ? currencyProblems(assumedPrice.currency, currency, 'assumedPrice') : [missing]),
  ];
}

function budgetProblems(budget: Budget, index: number, budgets: readonly Budget[]): FieldProblem[] {
  const path = `budgets.${index}`;
  const first = budgets.findIndex((one) => nameOf(one) === nameOf(budget));
  const message = `Keep one of it and budgets.${first}: both are for ${nameOf(budget)}.`;
  return [
    ...(first < index ? [{ path: `settings.${path}`, message }] : []),
    ...currencyProblems(budget.limit.currency, budgets[0]?.limit.currency, `${path}.limit`),
  ];
}

const nameOf = ({ country = 'all countries', period }: Budget): string => `${country}, a ${period}`;

/** A message is charged to several caps at once, and rates of exchange are not invented here. */
function currencyProblems(currency: string, expected: string | undefined, path: string): FieldProblem[] {
  if (currency === expected) return [];
  const message = `Use ${expected}, as budgets.0 does: amounts in two currencies cannot be compared.`;
  return [{ path: `settings.${path}.currency`, message }];
}
