/** Hours of the read model that changed: what has to be counted again, and in which steps. */
import type { ChangedHourDocument } from './changed-hours.schema';

const HOUR_MS = 3_600_000;
const SLICE_TOOK_MS = 500;
const MAX_SLICES = 120;

export type ChangedHour = Pick<ChangedHourDocument, 'applicationId' | 'hour' | 'version' | 'tookMs'> & {
  readonly changedAt: Date;
};

/** Which of the hours that wait are wanted. */
export interface ChangedHoursFilter {
  readonly applicationId?: string;
  /** Hours from here on. */
  readonly from?: Date;
  /** Hours before. */
  readonly to?: Date;
  /** Only those that were counted within this time, or never. */
  readonly tookAtMostMs?: number;
}

export const hourOf = (at: Date): Date => new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
/**
 * The hour in equal slices, each counted in about half a second: a count of minutes would run into every time-out
 * there is. An hour that failed as a whole took long, and so comes in slices the next time.
 */
export function slicesOf({ hour, tookMs = 0 }: ChangedHour): { readonly from: Date; readonly to: Date }[] {
  const slices = Math.min(MAX_SLICES, Math.max(1, Math.ceil(tookMs / SLICE_TOOK_MS)));
  const at = (n: number) => new Date(hour.getTime() + Math.round((n * HOUR_MS) / slices));
  return Array.from({ length: slices }, (_, n) => ({ from: at(n), to: at(n + 1) }));
}
