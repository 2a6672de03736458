import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AuditInboxRepository } from './audit-inbox.repository';
import { AuditLogRepository } from './audit-log.repository';
import { AuditLogService } from './audit-log.service';
import { AuditController } from './audit.controller';
import { AUDIT_EVENTS, AUDIT_INBOX, auditInboxSchema, auditLogSchema } from './audit.schema';
import { AuditService } from './audit.service';

/** The audit log: who did what to which verification, key or application. */
@Module({
  imports: [
    MongooseModule.forFeature([
      { name: AUDIT_INBOX, schema: auditInboxSchema },
      { name: AUDIT_EVENTS, schema: auditLogSchema },
    ]),
  ],
  controllers: [AuditController],
  providers: [AuditService, AuditLogService, AuditLogRepository, AuditInboxRepository],
  exports: [AuditService, AuditLogService],
})
export class AuditModule {}
