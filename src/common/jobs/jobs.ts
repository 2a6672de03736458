import type { InstanceJob, Job } from './job';

/**
 * The scheduled work of all features. Lives in common, so that a feature's module adds its own (in `onModuleInit`)
 * without knowing who runs it.
 */
export class Jobs {
  private readonly byName = new Map<string, Job | InstanceJob>();

  add(...jobs: readonly (Job | InstanceJob)[]): void {
    for (const job of jobs) {
      // Two jobs of one name would share a lease, and one of them would never run.
      if (this.byName.has(job.name)) throw new Error(`There are two jobs named ${job.name}`);
      this.byName.set(job.name, job);
    }
  }

  get all(): readonly (Job | InstanceJob)[] {
    return [...this.byName.values()];
  }
}
