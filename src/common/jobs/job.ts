import type { Lease } from '../mongo/lease.repository';

/** What one batch of a job came to. */
export interface BatchResult {
  /** There is probably more: the runner goes on while the job's time lasts. */
  readonly full: boolean;
  /** When the oldest work of this batch had been due; shown as lag while batches are full. */
  readonly oldest?: Date | null;
}

/**
 * Scheduled work of the whole installation, in batches. One instance at a time does it, by a lease, but a lease is
 * no guarantee: every batch must be harmless when it is repeated and when another instance does the same.
 */
export interface Job {
  /** Unique; also the name of its lease, and of its lag in `/health/ready`. */
  readonly name: string;
  readonly everyMs: number;
  /** Time for one run; what is left waits for the next. */
  readonly budgetMs: number;
  /**
   * Absent: twice the budget. Longer for a job of which a single batch may take longer than that; shorter where an
   * instance that dies must not hold others up, because the runner renews it between batches.
   */
  readonly leaseMs?: number;
  /**
   * A cheap look without the lease: an idle job then writes nothing. A date: there is work since then, and it must wait
   * yet. Absent: always.
   */
  hasWork?(): Promise<boolean | Date>;
  /** Since when work waits, asked where another instance holds the lease. Absent: not known, no lag is shown. */
  waitingSince?(): Promise<Date | null>;
  /** One batch. */
  run(lease: Lease): Promise<BatchResult>;
}

/** Scheduled work on what a process keeps in its memory: every instance does it, without a lease. */
export interface InstanceJob {
  readonly name: string;
  readonly everyMs: number;
  readonly everyInstance: true;
  run(): Promise<void>;
}
