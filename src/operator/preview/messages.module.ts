import { Module } from '@nestjs/common';
import { PriceBookModule } from '../../sms/prices/price-book.module';
import { SmsModule } from '../../sms/sms.module';
import { MessagesController } from './messages.controller';
import { MessagesService } from './messages.service';

@Module({
  imports: [PriceBookModule, SmsModule],
  controllers: [MessagesController],
  providers: [MessagesService],
})
export class MessagesModule {}
