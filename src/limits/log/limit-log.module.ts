import { Module } from '@nestjs/common';
import { LimitLogRepository } from './limit-log.repository';
import { LimitLog } from './limit-log.service';

/** One order of charges over all instances. */
@Module({
  providers: [LimitLog, LimitLogRepository],
  exports: [LimitLog],
})
export class LimitLogModule {}
