import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../../applications/applications.module';
import { SmsModule } from '../../sms/sms.module';
import { MessagesController } from './messages.controller';
import { MessagesService } from './messages.service';

@Module({
  imports: [ApplicationsModule, SmsModule],
  controllers: [MessagesController],
  providers: [MessagesService],
})
export class MessagesModule {}
