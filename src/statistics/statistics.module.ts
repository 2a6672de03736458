import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { CleanupModule } from '../cleanup/cleanup.module';
import { ReadModelModule } from '../otp/relay/read-model/read-model.module';
import { SmsModule } from '../sms/sms.module';
import { ConversionsJob } from './conversions/conversions.job';
import { RollUpJob } from './roll-up.job';
import { RollUpService } from './roll-up.service';
import { StatisticsController } from './statistics.controller';
import { StatisticsRepository } from './statistics.repository';
import { STATISTICS, statisticsSchema } from './statistics.schema';
import { StatisticsService } from './statistics.service';

/** Counts the read model by hour, shows the sums, and tells gateways' breakers how their texts convert. */
@Module({
  imports: [
    CleanupModule,
    ReadModelModule,
    MongooseModule.forFeature([{ name: STATISTICS, schema: statisticsSchema }]),
    SmsModule,
  ],
  controllers: [StatisticsController],
  providers: [ConversionsJob, RollUpJob, RollUpService, StatisticsRepository, StatisticsService],
})
export class StatisticsModule {}
