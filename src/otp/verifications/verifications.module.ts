import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../../applications/applications.module';
import { AuditModule } from '../../audit/audit.module';
import { Random, systemRandom } from '../../common/random';
import { KeysModule } from '../../keys/keys.module';
import { PhoneModule } from '../../phone/phone.module';
import { GuessesModule } from '../../limits/guesses/guesses.module';
import { LimitsModule } from '../../limits/limits.module';
import { SmsModule } from '../../sms/sms.module';
import { DeliveriesModule } from '../deliveries/deliveries.module';
import { ReadModelModule } from '../relay/read-model/read-model.module';
import { SlotsModule } from '../slots/slots.module';
import { AdmissionService } from './admission/admission.service';
import { ChecksService } from './checks.service';
import { CommandsService } from './commands.service';
import { IdempotencyModule } from './idempotency/idempotency.module';
import { DecisionsController } from './preview/decisions.controller';
import { LocalCallsService } from './local-calls.service';
import { PreviewService } from './preview/preview.service';
import { ReaderService } from './read/reader.service';
import { RecipientChecksController } from './recipients/recipient-checks.controller';
import { RecipientsController } from './recipients/recipients.controller';
import { RecipientsService } from './recipients/recipients.service';
import { RefusalsService } from './refusals.service';
import { SendsService } from './sends.service';
import { CodesService } from './start/codes.service';
import { PlanService } from './start/plan.service';
import { VerificationsController } from './verifications.controller';
import { VerificationsService } from './verifications.service';

/** Verifications as clients know them: start, check, send, cancel, read. */
@Module({
  imports: [
    ApplicationsModule,
    AuditModule,
    DeliveriesModule,
    GuessesModule,
    IdempotencyModule,
    KeysModule,
    LimitsModule,
    PhoneModule,
    ReadModelModule,
    SlotsModule,
    SmsModule,
  ],
  controllers: [
    VerificationsController,
    RecipientChecksController,
    RecipientsController,
    DecisionsController,
  ],
  providers: [
    AdmissionService,
    ChecksService,
    CodesService,
    CommandsService,
    LocalCallsService,
    PlanService,
    PreviewService,
    ReaderService,
    RecipientsService,
    RefusalsService,
    SendsService,
    VerificationsService,
    { provide: Random, useValue: systemRandom },
  ],
  exports: [LocalCallsService, VerificationsService],
})
export class VerificationsModule {}
