import { Inject, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Clock } from '../../common/clock';
import { SmsService } from '../../sms/sms.service';
import { conversionsSince, type Conversions } from './conversions';
import { StatisticsRepository } from '../statistics.repository';

const EVERY_MS = 30_000;
/** Codes live ten minutes as a rule: what was created before has long been told. */
const LOOK_BACK_MS = 2 * 3_600_000;

/**
 * Tells the breakers of this instance how texts convert. Every instance reads the same statistics of all of them:
 * what one of ten behind a balancer sees by itself would be a tenth, and the drain runs on one alone. They lag half a
 * minute, which matters little: an unconverted code takes its whole life to show.
 */
@Injectable()
export class ConversionsJob {
  private readonly logger = new Logger(ConversionsJob.name);
  /** Null before the first look, which only says where things stand. */
  private last: readonly Conversions[] | null = null;

  constructor(
    @Inject(StatisticsRepository) private readonly statistics: Pick<StatisticsRepository, 'conversions'>,
    @Inject(SmsService) private readonly sms: Pick<SmsService, 'feedback'>,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Interval(EVERY_MS)
  async run(): Promise<void> {
    try {
      await this.look();
    } catch {
      this.logger.warn('conversions could not be read; breakers learn of them next time');
    }
  }

  private async look(): Promise<void> {
    const now = await this.statistics.conversions(new Date(this.clock.now() - LOOK_BACK_MS));
    const added = this.last ? conversionsSince(this.last, now) : [];
    this.last = now;
    for (const { gateway, country, channel, approved, expired } of added) {
      const tell = (kind: 'converted' | 'unconverted') =>
        this.sms.feedback({ gateway, country, channel, kind });
      // The good ones first: a breaker that opens half-way through would not hear of them.
      for (let n = 0; n < approved; n++) tell('converted');
      for (let n = 0; n < expired; n++) tell('unconverted');
    }
  }
}
