import { type DynamicModule, Module } from '@nestjs/common';
import { ApplicationsModule } from '../../applications/applications.module';
import { AuditModule } from '../../audit/audit.module';
import { VerificationsModule } from '../../otp/verifications/verifications.module';
import { PhoneModule } from '../../phone/phone.module';
import { AuditService } from './audit.service';
import { PhoneService } from './phone.service';
import { VerificationService } from './verification.service';

/** What code beside ours may inject, everywhere. */
@Module({
  imports: [ApplicationsModule, AuditModule, PhoneModule, VerificationsModule],
  providers: [AuditService, PhoneService, VerificationService],
  exports: [AuditService, PhoneService, VerificationService],
})
export class ServicesModule {
  static everywhere(): DynamicModule {
    return { module: ServicesModule, global: true };
  }
}
