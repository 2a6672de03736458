import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ApplicationsModule } from '../applications/applications.module';
import { AuditModule } from '../audit/audit.module';
import { KeysModule } from '../keys/keys.module';
import { PhoneModule } from '../phone/phone.module';
import { SmsModule } from '../sms/sms.module';
import { Random, systemRandom } from '../common/random';
import { CheckService } from './check.service';
import { DeliveriesService } from './deliveries/deliveries.service';
import { ChannelsService } from './channels/channels.service';
import { TakeoverService } from './deliveries/takeover.service';
import { DispatchService } from './deliveries/dispatch.service';
import { HistoryModule } from './history/history.module';
import { IdempotencyModule } from './idempotency/idempotency.module';
import { IdempotentService } from './idempotency/idempotent.service';
import { ListService } from './read/list.service';
import { OtpService } from './otp.service';
import { OutcomeService } from './outcome.service';
import { PlanService } from './start/plan.service';
import { ReaderService } from './read/reader.service';
import { ReceiptLinksModule } from './receipts/links/receipt-links.module';
import { RecipientsController } from './recipients/recipients.controller';
import { RecipientsService } from './recipients/recipients.service';
import { SealedService } from './sealed.service';
import { SlotRepository } from './slot/slot.repository';
import { SLOTS, slotSchema } from './slot/slot.schema';
import { StartService } from './start/start.service';
import { VerificationsController } from './verifications.controller';

@Module({
  imports: [
    ApplicationsModule,
    AuditModule,
    HistoryModule,
    IdempotencyModule,
    KeysModule,
    MongooseModule.forFeature([{ name: SLOTS, schema: slotSchema }]),
    PhoneModule,
    ReceiptLinksModule,
    SmsModule,
  ],
  controllers: [VerificationsController, RecipientsController],
  providers: [
    ChannelsService,
    CheckService,
    DeliveriesService,
    DispatchService,
    IdempotentService,
    ListService,
    OtpService,
    OutcomeService,
    PlanService,
    ReaderService,
    RecipientsService,
    SealedService,
    SlotRepository,
    StartService,
    TakeoverService,
    { provide: Random, useValue: systemRandom },
  ],
  exports: [OtpService, TakeoverService, SlotRepository],
})
export class OtpModule {}
