import { z } from 'zod';
import { formatMoney, type Money } from './money';

/** Money as the API shows it. */
export const moneyAnswer = z
  .strictObject({
    amount: z.string().describe('Six decimals, e.g. `0.034500`'),
    currency: z.string().describe("ISO 4217, or `CREDITS` for a vendor's own units"),
    micros: z.int().describe('The same in millionths'),
  })
  .meta({ id: 'Money' });
export type MoneyAnswer = z.infer<typeof moneyAnswer>;

export function toMoneyAnswer(money: Money): MoneyAnswer {
  return { amount: formatMoney(money), currency: money.currency, micros: money.micros };
}

/** What something cost. Estimates and reports are never added to each other, nor are currencies. */
export const costAnswer = z
  .strictObject({
    estimated: z.array(moneyAnswer).describe('By the price book, per currency'),
    reported: z.array(moneyAnswer).describe('By the gateways, per currency; may come hours later'),
  })
  .meta({ id: 'Cost' });
