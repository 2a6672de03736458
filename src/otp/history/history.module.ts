import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ChangedHoursRepository } from './changed-hours.repository';
import { CHANGED_HOURS, changedHoursSchema } from './changed-hours.schema';
import { HistoryRepository } from './history.repository';
import { VERIFICATIONS, historySchema } from './history.schema';
import { HistoryService } from './history.service';

/** The read model of verifications. Registering the schema lets the indexes be ensured at start. */
@Module({
  imports: [
    MongooseModule.forFeature([
      { name: VERIFICATIONS, schema: historySchema },
      { name: CHANGED_HOURS, schema: changedHoursSchema },
    ]),
  ],
  providers: [ChangedHoursRepository, HistoryRepository, HistoryService],
  exports: [HistoryService],
})
export class HistoryModule {}
