import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ApplicationsModule } from '../applications/applications.module';
import { AuditModule } from '../audit/audit.module';
import { KeysModule } from '../keys/keys.module';
import { VerificationsModule } from '../otp/verifications/verifications.module';
import { PhoneModule } from '../phone/phone.module';
import { BeginChecks } from './api/begin-checks.service';
import { BeginService } from './api/begin.service';
import { HostedVerificationsController } from './api/hosted-verifications.controller';
import { RedeemService } from './api/redeem.service';
import { AssetsController } from './assets/assets.controller';
import { AssetsService } from './assets/assets.service';
import { SessionController } from './embed/session.controller';
import { PageController } from './page/page.controller';
import { PageDoor } from './page/page-door.service';
import { PageVisitsService } from './page/page-visits.service';
import { PagesService } from './page/pages.service';
import { PreviewController } from './preview/preview.controller';
import { PreviewService } from './preview/preview.service';
import { ActionsService } from './person/actions.service';
import { ProcessThrottle } from './person/process-throttle.service';
import { SendingService } from './person/sending.service';
import { VisitsService } from './person/visits.service';
import { ProcessRepository } from './process/process.repository';
import { HOSTED_VERIFICATIONS, processSchema } from './process/process.schema';
import { ProcessesService } from './process/processes.service';
import { TokensService } from './process/tokens.service';
import { ViewsService } from './view/views.service';

/** The page and the component that take a person through a verification. Nothing of it is there with `HOSTED=off`. */
@Module({
  imports: [
    ApplicationsModule,
    AuditModule,
    KeysModule,
    MongooseModule.forFeature([{ name: HOSTED_VERIFICATIONS, schema: processSchema }]),
    PhoneModule,
    VerificationsModule,
  ],
  controllers: [
    HostedVerificationsController,
    PreviewController,
    PageController,
    SessionController,
    AssetsController,
  ],
  providers: [
    ActionsService,
    AssetsService,
    BeginChecks,
    BeginService,
    PageDoor,
    PageVisitsService,
    PagesService,
    PreviewService,
    ProcessRepository,
    ProcessThrottle,
    ProcessesService,
    RedeemService,
    SendingService,
    TokensService,
    ViewsService,
    VisitsService,
  ],
  // For the demo.
  exports: [AssetsService, BeginService, ProcessesService, RedeemService],
})
export class HostedModule {}
