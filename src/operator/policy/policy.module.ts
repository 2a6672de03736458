import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../../applications/applications.module';
import { PhoneModule } from '../../phone/phone.module';
import { SmsModule } from '../../sms/sms.module';
import { PolicyController } from './policy.controller';

/** The policy in force, and what the standards say of it. */
@Module({ imports: [ApplicationsModule, PhoneModule, SmsModule], controllers: [PolicyController] })
export class PolicyModule {}
