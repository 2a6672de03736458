import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { LimitLogRepository } from './limit-log.repository';
import { LIMIT_LOG, limitLogSchema } from './limit-log.schema';
import { LimitLog } from './limit-log.service';

/** One order of charges over all instances. */
@Module({
  imports: [MongooseModule.forFeature([{ name: LIMIT_LOG, schema: limitLogSchema }])],
  providers: [LimitLog, LimitLogRepository],
  exports: [LimitLog],
})
export class LimitLogModule {}
