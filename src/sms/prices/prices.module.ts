import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/audit.module';
import { SmsModule } from '../sms.module';
import { PriceBookModule } from './price-book.module';
import { PricesController } from './prices.controller';
import { PricesService } from './prices.service';

/** What texts cost: import, download, list. */
@Module({
  imports: [AuditModule, PriceBookModule, SmsModule],
  controllers: [PricesController],
  providers: [PricesService],
})
export class PricesModule {}
