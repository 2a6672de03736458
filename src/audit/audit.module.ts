import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AuditSettings } from '../../config/settings';
import { RefusalRecorder } from '../access/refusal-recorder';
import { Jobs } from '../common/jobs/jobs';
import { AuditController } from './audit.controller';
import { AuditRepository } from './audit.repository';
import { AUDIT_EVENTS, auditEventSchema } from './audit.schema';
import { AuditService } from './audit.service';
import { AuditPagesService } from './audit-pages.service';
import { auditRetentionJob } from './retention.job';

/** The audit log: who did what to which verification, key or application. */
@Module({
  imports: [MongooseModule.forFeature([{ name: AUDIT_EVENTS, schema: auditEventSchema }])],
  controllers: [AuditController],
  providers: [
    AuditService,
    AuditPagesService,
    { provide: RefusalRecorder, useExisting: AuditService },
    AuditRepository,
  ],
  exports: [AuditService, AuditPagesService, AuditRepository, RefusalRecorder],
})
export class AuditModule implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly audit: AuditService,
    @Inject(AuditSettings) private readonly settings: AuditSettings,
  ) {}

  onModuleInit(): void {
    this.jobs.add(auditRetentionJob(this.audit, this.settings));
  }
}
