import { Module, type OnModuleInit } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ApplicationsModule } from '../../applications/applications.module';
import { Jobs } from '../../common/jobs/jobs';
import { KeysModule } from '../../keys/keys.module';
import { BlocksModule } from '../../limits/blocks/blocks.module';
import { MoneyModule } from '../../limits/money/money.module';
import { SmsModule } from '../../sms/sms.module';
import { SlotsModule } from '../slots/slots.module';
import { SlotsService } from '../slots/slots.service';
import { followUpJob, redispatchJob } from './delivery.jobs';
import { DispatchService } from './dispatch.service';
import { FollowUpService } from './follow-up.service';
import { ReceiptAddresses } from './receipts/links/receipt-addresses.service';
import { ReceiptReferences } from './receipts/links/receipt-references.repository';
import { RECEIPT_REFERENCES, receiptReferencesSchema } from './receipts/links/receipt-references.schema';
import { ResultsService } from './results.service';

/** Messages on their way: calls to gateways, and what follows them. Receipts come in by `receipts/`. */
@Module({
  imports: [
    ApplicationsModule,
    BlocksModule,
    KeysModule,
    MoneyModule,
    MongooseModule.forFeature([{ name: RECEIPT_REFERENCES, schema: receiptReferencesSchema }]),
    SlotsModule,
    SmsModule,
  ],
  providers: [DispatchService, FollowUpService, ReceiptAddresses, ReceiptReferences, ResultsService],
  exports: [DispatchService, ReceiptAddresses, ReceiptReferences],
})
export class DeliveriesModule implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly slots: SlotsService,
    private readonly followUps: FollowUpService,
  ) {}

  onModuleInit(): void {
    this.jobs.add(redispatchJob(this.slots, this.followUps));
    this.jobs.add(followUpJob(this.slots, this.followUps));
  }
}
