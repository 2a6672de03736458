import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ChangedHoursRepository } from './changed-hours.repository';
import { CHANGED_HOURS, changedHoursSchema } from './changed-hours.schema';
import { ReadModelRepository } from './read-model.repository';
import { VERIFICATIONS, readModelSchema } from './read-model.schema';
import { ReadModelService } from './read-model.service';

/** The read model of verifications. Registering the schema lets the indexes be ensured at start. */
@Module({
  imports: [
    MongooseModule.forFeature([
      { name: VERIFICATIONS, schema: readModelSchema },
      { name: CHANGED_HOURS, schema: changedHoursSchema },
    ]),
  ],
  providers: [ChangedHoursRepository, ReadModelRepository, ReadModelService],
  exports: [ReadModelService],
})
export class ReadModelModule {}
