import { Module } from '@nestjs/common';
import { KeysModule } from '../../keys/keys.module';
import { LimitLogModule } from '../log/limit-log.module';
import { CountsGate } from './counts.gate';
import { CountsService } from './counts.service';

/** Named limits over sliding windows. */
@Module({
  imports: [KeysModule, LimitLogModule],
  providers: [CountsGate, CountsService],
  exports: [CountsGate, CountsService],
})
export class CountsModule {}
