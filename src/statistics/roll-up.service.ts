import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '../common/clock';
import type { ChangedHour, ChangedHoursFilter } from '../otp/relay/read-model/changed-hours';
import { ReadModelService } from '../otp/relay/read-model/read-model.service';
import { StatisticsRepository } from './statistics.repository';

/** Hours that a reader brings up to date at most, each of which must be cheap, and how long it waits for that. */
const READER_HOURS = 48;
const CHEAP_MS = 500;
const READER_MS = 2_000;

/**
 * Counts the read model again, hour by hour, where it has changed. An hour is always counted as a whole: whatever
 * crashed, ran twice or came late, the next count is right. Two instances at once cost work and nothing else.
 */
@Injectable()
export class RollUpService implements OnModuleDestroy {
  private readonly stop = new AbortController();

  constructor(
    private readonly history: ReadModelService,
    private readonly statistics: StatisticsRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** A long count ends where it is; the next instance begins it anew. */
  onModuleDestroy(): void {
    this.stop.abort();
  }

  waiting(filter: ChangedHoursFilter, limit: number): Promise<ChangedHour[]> {
    return this.history.changedHours(filter, limit);
  }

  /** The order matters: the mark was read before, then the verifications; only what is stored is settled. */
  async count(hour: ChangedHour): Promise<void> {
    const started = this.clock.monotonic();
    const rows = await this.history.tally(hour, this.stop.signal).catch(async (error: unknown) => {
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
   * For a reader: what can be had quickly. What takes longer after all goes on without it.
   * @returns how many hours are not up to date even so
   */
  async catchUp(filter: ChangedHoursFilter): Promise<number> {
    await Promise.race([this.countCheap(filter), sleep(READER_MS, undefined, { ref: false })]);
    return this.history.countChangedHours(filter);
  }

  private async countCheap(filter: ChangedHoursFilter): Promise<void> {
    const deadline = this.clock.monotonic() + READER_MS;
    for (const hour of await this.waiting({ ...filter, tookAtMostMs: CHEAP_MS }, READER_HOURS)) {
      if (this.clock.monotonic() > deadline) return;
      await this.count(hour);
    }
  }
}
