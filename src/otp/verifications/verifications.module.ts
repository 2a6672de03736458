import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ApplicationsModule } from '../../applications/applications.module';
import { AuditModule } from '../../audit/audit.module';
import { KeysModule } from '../../keys/keys.module';
import { PhoneModule } from '../../phone/phone.module';
import { SmsModule } from '../../sms/sms.module';
import { Random, systemRandom } from '../../common/random';
import { CheckService } from './check.service';
import { DeliveriesService } from '../deliveries/deliveries.service';
import { ChannelsService } from '../deliveries/channels.service';
import { FollowUpService } from '../deliveries/follow-up.service';
import { DispatchService } from '../deliveries/dispatch.service';
import { ReadModelModule } from '../relay/read-model/read-model.module';
import { IdempotencyModule } from './idempotency/idempotency.module';
import { IdempotentService } from './idempotency/idempotent.service';
import { ListService } from './read/list.service';
import { VerificationsService } from './verifications.service';
import { OutcomeService } from './outcome.service';
import { PlanService } from './start/plan.service';
import { ReaderService } from './read/reader.service';
import { ReceiptLinksModule } from '../deliveries/receipts/links/receipt-links.module';
import { RecipientsController } from './recipients/recipients.controller';
import { RecipientsService } from './recipients/recipients.service';
import { SealedService } from '../slots/sealed.service';
import { SlotRepository } from '../slots/slot.repository';
import { SLOTS, slotSchema } from '../slots/slot.schema';
import { StartService } from './start/start.service';
import { VerificationsController } from './verifications.controller';

@Module({
  imports: [
    ApplicationsModule,
    AuditModule,
    ReadModelModule,
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
    VerificationsService,
    OutcomeService,
    PlanService,
    ReaderService,
    RecipientsService,
    SealedService,
    SlotRepository,
    StartService,
    FollowUpService,
    { provide: Random, useValue: systemRandom },
  ],
  exports: [VerificationsService, FollowUpService, SlotRepository],
})
export class VerificationsModule {}
