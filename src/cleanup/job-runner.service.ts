import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock } from '../common/clock';
import { LeaseRepository, type Lease } from '../common/mongo/lease.repository';
import { CleanupStatus, errorCode } from './cleanup-status';

/** What one batch of a job came to. */
export interface BatchResult {
  /** There is probably more: the runner goes on while the job's time lasts. */
  readonly full: boolean;
  /** When the oldest work of this batch had been due; shown as lag while batches are full. */
  readonly oldest?: Date | null;
}

/** A job in batches, each of which may be repeated and may run beside another instance's. */
export interface CleanupJob {
  readonly name: string;
  /** Time for one run; what is left waits for the next. */
  readonly budgetMs: number;
  /** Absent: twice the budget. For jobs of which a single batch may take longer than their budget. */
  readonly leaseMs?: number;
  /** A cheap look without the lease: an idle job then writes nothing. Absent: always. */
  readonly hasWork?: () => Promise<boolean>;
  readonly batch: (lease: Lease) => Promise<BatchResult>;
}

/** Runs jobs: one instance at a time, within their time, and keeps the status. Never throws. */
@Injectable()
export class JobRunner implements BeforeApplicationShutdown {
  private readonly logger = new Logger(JobRunner.name);
  private readonly running = new Map<string, Promise<void>>();
  private stopping = false;

  constructor(
    private readonly leases: LeaseRepository,
    private readonly status: CleanupStatus,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Returns at once when the job is still running from the last time. */
  async run(job: CleanupJob): Promise<void> {
    if (this.stopping || this.running.has(job.name)) return;
    const run = this.attempt(job).finally(() => this.running.delete(job.name));
    this.running.set(job.name, run);
    await run;
  }

  /** A batch under way is finished, no further one is started. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running.values());
  }

  private async attempt(job: CleanupJob): Promise<void> {
    try {
      this.status.ran(job.name, await this.behindAfter(job));
    } catch (error) {
      this.status.failed(job.name, error);
      this.logger.warn(`job ${job.name} failed (${errorCode(error)}); it will run again`);
    }
  }

  /** @returns since when work is left over, null when none is or another instance does it. */
  private async behindAfter(job: CleanupJob): Promise<Date | null> {
    if (job.hasWork && !(await job.hasWork())) return null;
    const lease = await this.leases.acquire(job.name, job.leaseMs ?? 2 * job.budgetMs);
    if (!lease) return null;
    try {
      return await this.batches(job, lease);
    } finally {
      // A lease that cannot be released runs out by itself.
      await this.leases.release(lease).catch(() => undefined);
    }
  }

  private async batches(job: CleanupJob, lease: Lease): Promise<Date | null> {
    const end = this.clock.monotonic() + job.budgetMs;
    for (;;) {
      const { full, oldest } = await job.batch(lease);
      if (!full) return null;
      if (this.stopping || this.clock.monotonic() >= end) return oldest ?? new Date(this.clock.now());
    }
  }
}
