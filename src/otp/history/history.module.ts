import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { HistoryRepository } from './history.repository';
import { VERIFICATIONS, historySchema } from './history.schema';
import { HistoryService } from './history.service';

/** The read model of verifications. Registering the schema lets the indexes be ensured at start. */
@Module({
  imports: [MongooseModule.forFeature([{ name: VERIFICATIONS, schema: historySchema }])],
  providers: [HistoryRepository, HistoryService],
  exports: [HistoryService],
})
export class HistoryModule {}
