import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { InstanceJob, Job } from '../common/jobs/job';
import { answered } from '../common/mongo/answered';
import { LeaseRepository, type Lease } from '../common/mongo/lease.repository';
import { CleanupStatus, errorCode } from './cleanup-status';

/**
 * A step of a job that takes longer has no end, and would keep the job from ever running again here. Batches take
 * seconds.
 */
const STEP_MS = 300_000;

/** Runs jobs: one instance at a time, within their time, and keeps the status. Never throws. */
@Injectable()
export class JobRunner {
  private readonly logger = new Logger(JobRunner.name);
  private readonly running = new Map<string, Promise<void>>();
  private stopping = false;

  constructor(
    private readonly leases: LeaseRepository,
    private readonly status: CleanupStatus,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  get isStopping(): boolean {
    return this.stopping;
  }

  /** Joins the run that is still under way from the last time, if there is one. */
  run(job: Job | InstanceJob, budgetMs = 'budgetMs' in job ? job.budgetMs : 0): Promise<void> {
    if (this.stopping) return Promise.resolve();
    const running = this.running.get(job.name);
    if (running) return running;
    const run = this.attempt(job, budgetMs).finally(() => this.running.delete(job.name));
    this.running.set(job.name, run);
    return run;
  }

  /** Batches under way are finished, no further one is started. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running.values());
  }

  private async attempt(job: Job | InstanceJob, budgetMs: number): Promise<void> {
    try {
      const behindSince =
        'everyInstance' in job ? await inTime(job.run()) : await this.behindAfter(job, budgetMs);
      this.status.ran(job.name, behindSince ?? null);
    } catch (error) {
      this.status.failed(job.name, error);
      this.logger.warn(`job ${job.name} failed (${errorCode(error)}); it will run again`);
    }
  }

  /** @returns since when work is left over; null when none is, or when another instance does it and nothing more is known */
  private async behindAfter(job: Job, budgetMs: number): Promise<Date | null> {
    const work = job.hasWork ? await inTime(job.hasWork()) : true;
    if (work !== true) return work || null;
    const lease = await inTime(this.leases.acquire(job.name, job.leaseMs ?? 2 * job.budgetMs));
    if (!lease) return job.waitingSince ? inTime(job.waitingSince()) : null;
    try {
      return await this.batches(job, lease, budgetMs);
    } finally {
      // A lease that cannot be released runs out by itself.
      await inTime(this.leases.release(lease)).catch(() => undefined);
    }
  }

  private async batches(job: Job, first: Lease, budgetMs: number): Promise<Date | null> {
    const end = this.clock.monotonic() + budgetMs;
    for (let lease: Lease | null = first; lease; lease = await this.keep(lease)) {
      const { full, oldest } = await inTime(job.run(lease));
      if (!full) return null;
      const behindSince = oldest ?? new Date(this.clock.now());
      if (this.stopping || this.clock.monotonic() >= end) return behindSince;
      // A long run shows how it fares.
      this.status.ran(job.name, behindSince);
    }
    // Another instance took over and goes on.
    return null;
  }

  private async keep(lease: Lease): Promise<Lease | null> {
    return this.leases.isValid(lease, lease.lengthMs / 2) ? lease : inTime(this.leases.renew(lease));
  }
}

const inTime = <T>(step: Promise<T>): Promise<T> => answered(step, STEP_MS);
