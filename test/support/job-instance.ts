import { Test, type TestingModule } from '@nestjs/testing';
import { CleanupStatus } from '../../src/cleanup/cleanup-status';
import { CleanupModule } from '../../src/cleanup/cleanup.module';
import { JobRunner } from '../../src/cleanup/job-runner.service';
import { systemClock } from '../../src/common/clock';
import { CommonModule } from '../../src/common/common.module';
import { EdgeModule } from '../../src/common/edge.module';
import type { InstanceJob, Job } from '../../src/common/jobs/job';
import { Jobs } from '../../src/common/jobs/jobs';
import { LeaseRepository } from '../../src/common/mongo/lease.repository';
import { DatabaseModule } from '../../src/database/database.module';
import { ConfigModule } from '../../config/config.module';
import type { SchedulerSettings, Settings } from '../../config/settings';
import type { TestMongo } from './mongo';

/** What one process has of its own to run jobs: several of them share the leases in the database. */
export function jobInstance(test: TestMongo) {
  const leases = new LeaseRepository(test.durableDb, systemClock);
  const status = new CleanupStatus(systemClock);
  return { leases, status, runner: new JobRunner(leases, status, systemClock) };
}

/** A process of its own that runs these jobs at their intervals, until it is closed. */
export function jobsApp(test: TestMongo, ...jobs: (Job | InstanceJob)[]): Promise<TestingModule> {
  return jobsAppWith({ isOn: true }, test, jobs);
}

export async function jobsAppWith(
  scheduler: SchedulerSettings,
  { uri, name }: TestMongo,
  jobs: readonly (Job | InstanceJob)[],
): Promise<TestingModule> {
  const database = { uri, name, embeddedPid: () => null, stop: async () => undefined };
  const imports = [
    ConfigModule.forRoot({ scheduler, warnings: [] as readonly string[] } as Settings),
    CommonModule,
    DatabaseModule.forRoot(database),
    EdgeModule.around(CleanupModule),
  ];
  const app = await Test.createTestingModule({ imports }).compile();
  app.get(Jobs).add(...jobs);
  return app.init();
}

export async function within(ms: number, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
