import type { Clock } from '../../common/clock';
import type { InstanceJob } from '../../common/jobs/job';
import type { SmsService } from '../../sms/sms.service';
import type { StatisticsRepository } from '../statistics.repository';
import { conversionsSince, type Conversions } from './conversions';

/** Codes live ten minutes as a rule: what was created before has long been told. */
const LOOK_BACK_MS = 2 * 3_600_000;

/**
 * Tells the breakers of this instance how texts convert. Every instance reads the same statistics of all of them:
 * what one of ten behind a balancer sees by itself would be a tenth, and the statistics are counted on one alone.
 * They lag half a minute, which matters little: an unconverted code takes its whole life to show.
 */
export function conversionsJob(
  statistics: Pick<StatisticsRepository, 'conversions'>,
  sms: Pick<SmsService, 'feedback'>,
  clock: Clock,
): InstanceJob {
  /** Null before the first look, which only says where things stand. */
  let last: readonly Conversions[] | null = null;

  async function run(): Promise<void> {
    const now = await statistics.conversions(new Date(clock.now() - LOOK_BACK_MS));
    const added = last ? conversionsSince(last, now) : [];
    last = now;
    for (const { gateway, country, channel, approved, expired } of added) {
      const tell = (kind: 'converted' | 'unconverted') => sms.feedback({ gateway, country, channel, kind });
      // The good ones first: a breaker that opens half-way through would not hear of them.
      for (let n = 0; n < approved; n++) tell('converted');
      for (let n = 0; n < expired; n++) tell('unconverted');
    }
  }

  return { name: 'conversions', everyMs: 30_000, everyInstance: true, run };
}
