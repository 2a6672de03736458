import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/audit.module';
import { KeysModule } from '../../keys/keys.module';
import { LimitLogModule } from '../log/limit-log.module';
import { RiskModule } from '../risk/risk.module';
import { PumpingGate } from './pumping.gate';
import { PumpingService } from './pumping.service';

/** The guard against SMS pumping. */
@Module({
  imports: [AuditModule, KeysModule, LimitLogModule, RiskModule],
  providers: [PumpingGate, PumpingService],
  exports: [PumpingGate],
})
export class PumpingModule {}
