import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { Clock } from '../common/clock';
import { Jobs } from '../common/jobs/jobs';
import { ReadModelModule } from '../otp/relay/read-model/read-model.module';
import { SmsModule } from '../sms/sms.module';
import { SmsService } from '../sms/sms.service';
import { conversionsJob } from './conversions/conversions.job';
import { rollUpJob } from './roll-up.job';
import { RollUpService } from './roll-up.service';
import { StatisticsController } from './statistics.controller';
import { StatisticsRepository } from './statistics.repository';
import { STATISTICS, statisticsSchema } from './statistics.schema';
import { StatisticsService } from './statistics.service';

/** Counts the read model by hour, shows the sums, and tells gateways' breakers how their texts convert. */
@Module({
  imports: [
    ReadModelModule,
    MongooseModule.forFeature([{ name: STATISTICS, schema: statisticsSchema }]),
    SmsModule,
  ],
  controllers: [StatisticsController],
  providers: [RollUpService, StatisticsRepository, StatisticsService],
})
export class StatisticsModule implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly rollUp: RollUpService,
    private readonly statistics: StatisticsRepository,
    private readonly sms: SmsService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.add(rollUpJob(this.rollUp), conversionsJob(this.statistics, this.sms, this.clock));
  }
}
