import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { randomInt } from 'node:crypto';
import { SchedulerSettings } from '../../config/settings';
import type { InstanceJob, Job } from '../common/jobs/job';
import { Jobs } from '../common/jobs/jobs';
import { CleanupStatus } from './cleanup-status';
import { JobRunner } from './job-runner.service';

/** How often {@link CleanupService.runOnce} goes round. */
const ROUNDS = 10;

/**
 * Starts every registered job at its interval, from the start of the application to its end. With `SCHEDULER=off` only
 * those that keep this process's own memory up to date: nobody else can do these.
 */
@Injectable()
export class CleanupService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly jobs: Jobs,
    private readonly runner: JobRunner,
    private readonly status: CleanupStatus,
    private readonly schedule: SchedulerRegistry,
    @Inject(SchedulerSettings) private readonly settings: SchedulerSettings,
  ) {}

  /** All modules have added theirs by now: they do it in `onModuleInit`. */
  onApplicationBootstrap(): void {
    for (const job of this.jobs.all) {
      if (!this.settings.isOn && !('everyInstance' in job)) continue;
      this.status.register(job.name);
      this.start(job);
    }
  }

  /** @nestjs/schedule clears the timers in the same round of hooks. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.runner.stop();
  }

  /**
   * Runs every job until nothing is due, without regard to intervals and budgets. It goes round, because the work of
   * one makes work for another (what has expired is copied, then counted), ten times at most: what is due even then
   * does not get done by trying, for example because another instance holds the lease.
   * @returns the names of the jobs that still have work
   */
  async runOnce(): Promise<string[]> {
    let due: string[] = [];
    for (let round = 0; round < ROUNDS && !this.runner.isStopping; round++) {
      for (const job of this.jobs.all) await this.runner.run(job, Infinity);
      due = await this.due();
      if (due.length === 0) break;
    }
    return due;
  }

  /** The first run comes at a random moment, so that instances started together do not run at the same time. */
  private start(job: Job | InstanceJob): void {
    const run = () => void this.runner.run(job);
    const first = setTimeout(() => {
      this.schedule.deleteTimeout(job.name);
      this.schedule.addInterval(job.name, setInterval(run, job.everyMs));
      run();
    }, randomInt(job.everyMs));
    this.schedule.addTimeout(job.name, first);
  }

  private async due(): Promise<string[]> {
    const names: string[] = [];
    for (const job of this.jobs.all)
      if (!('everyInstance' in job) && (await job.hasWork?.())) names.push(job.name);
    return names;
  }
}
