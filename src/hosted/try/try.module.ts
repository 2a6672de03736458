import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../../applications/applications.module';
import { SmsModule } from '../../sms/sms.module';
import { HostedModule } from '../hosted.module';
import { TryApplication } from './try-application.service';
import { TryController } from './try.controller';
import { TryService } from './try.service';

/** The demo of `npm start`. Only in development is it part of the application: see `isTryable`. */
@Module({
  imports: [ApplicationsModule, HostedModule, SmsModule],
  controllers: [TryController],
  providers: [TryApplication, TryService],
})
export class TryModule {}
