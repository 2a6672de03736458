import { Module, type OnModuleInit } from '@nestjs/common';
import type { mongo } from 'mongoose';
import { AuditModule } from '../audit/audit.module';
import { Clock } from '../common/clock';
import { LeaseRepository } from '../common/mongo/lease.repository';
import { Readiness } from '../common/readiness';
import { SLOT_DB } from '../database/slot-connection';
import { HistoryModule } from '../otp/history/history.module';
import { IdempotencyModule } from '../otp/idempotency/idempotency.module';
import { OtpModule } from '../otp/otp.module';
import { SlotJobsRepository } from '../otp/slot/slot-jobs.repository';
import { SandboxModule } from '../sms/sandbox/sandbox.module';
import { CleanupStatus, jobsProbe } from './cleanup-status';
import { DrainJob } from './drain/drain.job';
import { DrainService } from './drain/drain.service';
import { ExpiryJob } from './expiry.job';
import { FollowJob } from './follow.job';
import { ForgetJob } from './forget.job';
import { JobRunner } from './job-runner.service';
import { RedispatchJob } from './redispatch.job';
import { RetentionJob } from './retention.job';
import { TransientJob } from './transient.job';

/**
 * What runs by itself: the drain and the scheduled jobs. Safety never depends on them: without this module no
 * expired code is accepted and nothing acknowledged is lost; it only piles up.
 */
@Module({
  imports: [AuditModule, HistoryModule, IdempotencyModule, OtpModule, SandboxModule],
  providers: [
    {
      provide: LeaseRepository,
      useFactory: (db: mongo.Db, clock: Clock) => new LeaseRepository(db, clock),
      inject: [SLOT_DB, Clock],
    },
    { provide: CleanupStatus, useFactory: (clock: Clock) => new CleanupStatus(clock), inject: [Clock] },
    JobRunner,
    SlotJobsRepository,
    DrainService,
    DrainJob,
    ExpiryJob,
    FollowJob,
    ForgetJob,
    RedispatchJob,
    RetentionJob,
    TransientJob,
  ],
  exports: [CleanupStatus, JobRunner],
})
export class CleanupModule implements OnModuleInit {
  constructor(
    private readonly readiness: Readiness,
    private readonly status: CleanupStatus,
  ) {}

  onModuleInit(): void {
    this.readiness.add(jobsProbe(this.status));
  }
}
