import type { Clock } from '../../../common/clock';
import { OnceAMinute } from '../once-a-minute';
import type { DropListener } from './receipt-counters';

/** As much of a logger as this needs. */
interface Warnings {
  warn(message: string, fields: Readonly<Record<string, string>>): void;
}

/** Says once a minute for each gateway and reason that receipts lead to nothing; never what stood in them. */
export function dropLog(logger: Warnings, clock: Pick<Clock, 'monotonic'>): DropListener {
  const once = new OnceAMinute();
  return (gateway, reason) => {
    if (!once.allows(`${gateway} ${reason}`, clock.monotonic())) return;
    logger.warn('a receipt led to nothing; the same is told once a minute', { gateway, reason });
  };
}
