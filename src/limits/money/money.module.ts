import { Module, type OnModuleInit } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AuditModule } from '../../audit/audit.module';
import { Jobs } from '../../common/jobs/jobs';
import { BUDGETS, budgetSchema } from './budget.schema';
import { BudgetsRepository } from './budgets.repository';
import { MoneyGate } from './money.gate';
import { MoneyService } from './money.service';

const TIDY_MS = 10_000;

/** What messages may cost: budgets of applications, charged before each gateway call. */
@Module({
  imports: [AuditModule, MongooseModule.forFeature([{ name: BUDGETS, schema: budgetSchema }])],
  providers: [BudgetsRepository, MoneyGate, MoneyService],
  exports: [MoneyGate, MoneyService],
})
export class MoneyModule implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly money: MoneyService,
  ) {}

  onModuleInit(): void {
    this.jobs.add({
      name: 'budgets',
      everyMs: TIDY_MS,
      everyInstance: true,
      run: () => this.money.tidy(),
    });
  }
}
