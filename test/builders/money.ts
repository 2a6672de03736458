import type { mongo } from 'mongoose';
import type { AuditEvent } from '../../src/audit/audit-event';
import { systemClock } from '../../src/common/clock';
import { BudgetsRepository } from '../../src/limits/money/budgets.repository';
import { MoneyService } from '../../src/limits/money/money.service';

/** The money of one process; `told` has its warnings. */
export function moneyOn(db: mongo.Db, told: AuditEvent[] = []): MoneyService {
  const audit = { append: async (events: readonly AuditEvent[]) => void told.push(...events) };
  return new MoneyService(new BudgetsRepository(db), audit, systemClock);
}
