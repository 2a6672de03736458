import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { Clock, systemClock } from '../common/clock';
import { AuditInboxRepository } from './audit-inbox.repository';
import { AUDIT_INBOX, auditInboxSchema } from './audit.schema';
import { AuditService } from './audit.service';

/** The audit log: who did what to which verification, key or application. */
@Module({
  imports: [MongooseModule.forFeature([{ name: AUDIT_INBOX, schema: auditInboxSchema }])],
  providers: [AuditService, AuditInboxRepository, { provide: Clock, useValue: systemClock }],
  exports: [AuditService],
})
export class AuditModule {}
