import { Module, type OnModuleInit } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { Jobs } from '../../../common/jobs/jobs';
import { LeaseRepository } from '../../../common/mongo/lease.repository';
import { ChangedHoursRepository } from './changed-hours.repository';
import { CHANGED_HOURS, changedHoursSchema } from './changed-hours.schema';
import { ReadModelRepository } from './read-model.repository';
import { VERIFICATIONS, readModelSchema } from './read-model.schema';
import { ReadModelService } from './read-model.service';
import { readModelRetentionJobs } from './retention.job';

/** The read model of verifications. Registering the schema lets the indexes be ensured at start. */
@Module({
  imports: [
    MongooseModule.forFeature([
      { name: VERIFICATIONS, schema: readModelSchema },
      { name: CHANGED_HOURS, schema: changedHoursSchema },
    ]),
  ],
  providers: [ChangedHoursRepository, ReadModelRepository, ReadModelService],
  // The repositories for the relay alone, which writes to them.
  exports: [ChangedHoursRepository, ReadModelRepository, ReadModelService],
})
export class ReadModelModule implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly verifications: ReadModelRepository,
    private readonly leases: LeaseRepository,
  ) {}

  onModuleInit(): void {
    this.jobs.add(...readModelRetentionJobs(this.verifications, this.leases));
  }
}
