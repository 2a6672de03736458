import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../../applications/applications.module';
import { PhoneModule } from '../../phone/phone.module';
import { PhoneNumbersController } from './phone-numbers.controller';

/** What the server makes of a number, for an application that wants to know before it sends. */
@Module({ imports: [ApplicationsModule, PhoneModule], controllers: [PhoneNumbersController] })
export class PhoneNumbersModule {}
