import { Module, type OnModuleInit } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { Jobs } from '../../common/jobs/jobs';
import { KeysModule } from '../../keys/keys.module';
import { expiryJob } from './expiry.job';
import { SealedService } from './sealed.service';
import { SlotRepository } from './slot.repository';
import { SLOTS, slotSchema } from './slot.schema';
import { SlotsService } from './slots.service';

/** The state of verifications: one document per (application, purpose, recipient), and its rules. */
@Module({
  imports: [KeysModule, MongooseModule.forFeature([{ name: SLOTS, schema: slotSchema }])],
  providers: [SealedService, SlotRepository, SlotsService],
  exports: [SealedService, SlotsService],
})
export class SlotsModule implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly slots: SlotsService,
  ) {}

  onModuleInit(): void {
    this.jobs.add(expiryJob(this.slots));
  }
}
