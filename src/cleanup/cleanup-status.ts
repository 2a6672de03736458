import type { Clock } from '../common/clock';
import type { ReadinessProbe } from '../common/readiness';

/** How a job fares, as this instance sees it. */
export interface JobStatus {
  readonly name: string;
  readonly lastRunAt: Date | null;
  readonly lastOkAt: Date | null;
  /** How long the oldest work has been waiting; 0 when the job keeps up. */
  readonly lagSeconds: number;
  /** A code or an error's name, never a message: those may quote values. */
  readonly lastError: string | null;
}

interface Entry {
  lastRunAt: Date | null;
  lastOkAt: Date | null;
  behindSince: Date | null;
  lastError: string | null;
}

/** What `/health/ready` and an operator may know about the jobs. */
export class CleanupStatus {
  private readonly jobs = new Map<string, Entry>();

  constructor(private readonly clock: Clock) {}

  /** So that a job shows before its first run. */
  register(name: string): void {
    this.entry(name);
  }

  /** @param behindSince when the oldest work that is left was due; null when none is left */
  ran(name: string, behindSince: Date | null): void {
    const now = new Date(this.clock.now());
    Object.assign(this.entry(name), { lastRunAt: now, lastOkAt: now, behindSince, lastError: null });
  }

  /** From now on it counts as behind, at least since it last succeeded. */
  failed(name: string, error: unknown): void {
    const now = new Date(this.clock.now());
    const entry = this.entry(name);
    Object.assign(entry, {
      lastRunAt: now,
      behindSince: entry.behindSince ?? entry.lastOkAt ?? now,
      lastError: errorCode(error),
    });
  }

  report(): JobStatus[] {
    return [...this.jobs].map(([name, { behindSince, ...entry }]) => ({
      name,
      ...entry,
      lagSeconds: behindSince ? Math.max(0, (this.clock.now() - behindSince.getTime()) / 1000) : 0,
    }));
  }

  private entry(name: string): Entry {
    const fresh = { lastRunAt: null, lastOkAt: null, behindSince: null, lastError: null };
    const entry = this.jobs.get(name) ?? fresh;
    this.jobs.set(name, entry);
    return entry;
  }
}

/** What of an error may be shown. */
export function errorCode(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === 'number' || typeof code === 'string') return String(code);
  return typeof name === 'string' ? name : 'unknown';
}

/**
 * Shows the jobs in `/health/ready`: seconds behind per job, and the code of its last error. It never fails:
 * jobs that lag are a reason to look, not to turn away people who type a code.
 */
export function jobsProbe(status: CleanupStatus): ReadinessProbe {
  return { name: 'jobs', check: () => Promise.resolve({ ok: true, details: detailsOf(status.report()) }) };
}

function detailsOf(jobs: readonly JobStatus[]): Record<string, number | string> {
  const details: Record<string, number | string> = {};
  for (const { name, lagSeconds, lastError } of jobs) {
    const key = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    details[`${key}LagSeconds`] = Math.round(lagSeconds * 10) / 10;
    if (lastError !== null) details[`${key}Error`] = lastError;
  }
  return details;
}
