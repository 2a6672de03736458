import { Module, type OnModuleInit } from '@nestjs/common';
import type { mongo } from 'mongoose';
import { AuditModule } from '../audit/audit.module';
import { Clock } from '../common/clock';
import { LeaseRepository } from '../common/mongo/lease.repository';
import { Readiness } from '../common/readiness';
import { DURABLE_DB } from '../database/durable-connection';
import { ReadModelModule } from '../otp/relay/read-model/read-model.module';
import { IdempotencyModule } from '../otp/verifications/idempotency/idempotency.module';
import { VerificationsModule } from '../otp/verifications/verifications.module';
import { SlotJobsRepository } from '../otp/slots/slot-jobs.repository';
import { SandboxModule } from '../sms/sandbox/sandbox.module';
import { CleanupStatus, jobsProbe } from './cleanup-status';
import { RelayJob } from '../otp/relay/relay.job';
import { RelayService } from '../otp/relay/relay.service';
import { ExpiryJob } from '../otp/slots/expiry.job';
import { FollowJob } from '../otp/deliveries/follow-up.job';
import { ForgetJob } from '../otp/relay/erasure.job';
import { JobRunner } from './job-runner.service';
import { RedispatchJob } from '../otp/deliveries/redispatch.job';
import { RetentionJob } from './retention.job';
import { TransientJob } from './transient.job';

/**
 * What runs by itself: the drain and the scheduled jobs. Safety never depends on them: without this module no
 * expired code is accepted and nothing acknowledged is lost; it only piles up.
 */
@Module({
  imports: [AuditModule, ReadModelModule, IdempotencyModule, VerificationsModule, SandboxModule],
  providers: [
    {
      provide: LeaseRepository,
      useFactory: (db: mongo.Db, clock: Clock) => new LeaseRepository(db, clock),
      inject: [DURABLE_DB, Clock],
    },
    { provide: CleanupStatus, useFactory: (clock: Clock) => new CleanupStatus(clock), inject: [Clock] },
    JobRunner,
    SlotJobsRepository,
    RelayService,
    RelayJob,
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
