import { Module } from '@nestjs/common';
import { GATES, type Gate } from './gate';
import { BlocksGate } from './blocks/blocks.gate';
import { BlocksModule } from './blocks/blocks.module';
import { CountsGate } from './counts/counts.gate';
import { CountsModule } from './counts/counts.module';
import { MoneyGate } from './money/money.gate';
import { MoneyModule } from './money/money.module';
import { PumpingGate } from './pumping/pumping.gate';
import { PumpingModule } from './pumping/pumping.module';
import { RiskGate } from './risk/risk.gate';
import { RiskModule } from './risk/risk.module';

/** What a send must pass. */
@Module({
  imports: [BlocksModule, PumpingModule, RiskModule, MoneyModule, CountsModule],
  providers: [
    // In the order in which they are asked: the cheap ones first, and last those that charge.
    {
      provide: GATES,
      useFactory: (...gates: readonly Gate[]) => gates,
      inject: [BlocksGate, PumpingGate, RiskGate, MoneyGate, CountsGate],
    },
  ],
  exports: [CountsModule, GATES],
})
export class LimitsModule {}
