import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Clock } from '../../common/clock';
import { SlidingWindow } from './sliding-window';

type Increment = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/**
 * Counts for @nestjs/throttler in this process. Its own storage keeps and filters a list of times and a timer
 * per hit; here a hit costs the same however many there were.
 */
export class SlidingWindowStorage implements ThrottlerStorage {
  private readonly windows = new Map<number, SlidingWindow>();

  constructor(private readonly clock: Pick<Clock, 'monotonic'>) {}

  /** Times in and out as the throttler has them: `ttl` in milliseconds, what comes back in seconds. */
  increment(key: string, ttl: number, limit: number): Promise<Increment> {
    const count = this.windowOf(ttl).hit(key, limit, this.clock.monotonic());
    const seconds = Math.ceil(count.msLeft / 1000);
    return Promise.resolve({
      totalHits: count.hits,
      timeToExpire: seconds,
      isBlocked: !count.isAllowed,
      timeToBlockExpire: count.isAllowed ? 0 : seconds,
    });
  }

  /** As many windows as there are lengths in the code. */
  private windowOf(ttl: number): SlidingWindow {
    const known = this.windows.get(ttl);
    if (known) return known;
    const window = new SlidingWindow(ttl);
    this.windows.set(ttl, window);
    return window;
  }
}
