import { Module, type OnModuleInit } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Clock } from '../common/clock';
import { Readiness } from '../common/readiness';
import { CleanupService } from './cleanup.service';
import { CleanupStatus, jobsProbe } from './cleanup-status';
import { JobRunner } from './job-runner.service';

/**
 * Runs the scheduled work that features register with `Jobs`, and knows none of it. Safety never depends on it:
 * without this module no expired code is accepted and nothing acknowledged is lost; it only piles up.
 */
@Module({
  imports: [ScheduleModule.forRoot()],
  providers: [
    { provide: CleanupStatus, useFactory: (clock: Clock) => new CleanupStatus(clock), inject: [Clock] },
    JobRunner,
    CleanupService,
  ],
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
