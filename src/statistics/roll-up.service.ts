import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { ChangedHour, ChangedHoursFilter } from '../otp/history/changed-hours.repository';
import { HistoryService } from '../otp/history/history.service';
import { StatisticsRepository } from './statistics.repository';

/** Hours that a reader brings up to date at most, and how long that may hold it up. */
const READER_HOURS = 48;
const READER_MS = 2_000;

/**
 * Counts the read model again, hour by hour, where it has changed. An hour is always counted as a whole: whatever
 * crashed, ran twice or came late, the next count is right. Two instances at once cost work and nothing else.
 */
@Injectable()
export class RollUpService {
  constructor(
    private readonly history: HistoryService,
    private readonly statistics: StatisticsRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  waiting(filter: ChangedHoursFilter, limit: number): Promise<ChangedHour[]> {
    return this.history.changedHours(filter, limit);
  }

  /** The order matters: the mark was read before, then the verifications; only what is stored is settled. */
  async count(hour: ChangedHour): Promise<void> {
    const started = this.clock.monotonic();
    const rows = await this.history.tally(hour).catch(async (error: unknown) => {
      // It must rest, or it would keep all others from their turn.
      await this.history.tallyFailed(hour, this.clock.monotonic() - started);
      throw error;
    });
    const tookMs = this.clock.monotonic() - started;
    const { applicationId, version } = hour;
    await this.statistics.store({ applicationId, hour: hour.hour, version, rows });
    await this.history.tallied(hour, tookMs);
  }

  /**
   * For a reader: what can be had quickly.
   * @returns how many hours are not up to date even so
   */
  async catchUp(filter: ChangedHoursFilter): Promise<number> {
    const deadline = this.clock.monotonic() + READER_MS;
    for (const hour of await this.waiting(filter, READER_HOURS)) {
      if (this.clock.monotonic() > deadline) break;
      await this.count(hour);
    }
    return this.history.countChangedHours(filter);
  }
}
