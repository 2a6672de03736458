import { Module } from '@nestjs/common';
import { PhoneNumbersController } from './phone-numbers.controller';
import { PhoneService } from './phone.service';

@Module({
  controllers: [PhoneNumbersController],
  providers: [PhoneService],
  exports: [PhoneService],
})
export class PhoneModule {}
