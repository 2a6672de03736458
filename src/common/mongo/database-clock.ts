import type { Clock } from '../clock';

/** A reading older than this is taken again: quartz drifts by less than a millisecond meanwhile. */
const FRESH_MS = 10_000;

/**
 * The database's time between two readings of it, counted on by this process's monotonic clock. It runs late by what
 * an answer takes on its way, never early, and knows nothing of this machine's wall clock.
 */
export class DatabaseClock {
  private reading: { readonly databaseMs: number; readonly at: number } | null = null;

  constructor(private readonly clock: Pick<Clock, 'monotonic'>) {}

  /** To be called with the `$$NOW` of an answer as soon as it is there. */
  observe(databaseNow: Date): void {
    this.reading = { databaseMs: databaseNow.getTime(), at: this.clock.monotonic() };
  }

  /** Null: it has to be read anew. */
  now(): Date | null {
    if (!this.reading) return null;
    const age = this.clock.monotonic() - this.reading.at;
    return age < FRESH_MS ? new Date(Math.floor(this.reading.databaseMs + age)) : null;
  }
}
