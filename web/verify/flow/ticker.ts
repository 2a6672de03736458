import type { View } from '../contract';
import type { ServerClock } from './server-clock';
import { staleAt } from './state';

const SECOND_MS = 1_000;

export interface TickerHost {
  /** A second less to wait. */
  counted(): void;
  /** The wait is over. */
  ready(): void;
  /** The view says something that is not so any more. */
  stale(): void;
}

/** Once a second while there is something to count, and when the view is out of date; otherwise never. */
export class Ticker {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wasWaiting = false;

  constructor(
    private readonly clock: ServerClock,
    private readonly host: TickerHost,
  ) {}

  stop(): void {
    clearTimeout(this.timer);
  }

  watch(view: View): void {
    this.stop();
    const isWaiting = this.clock.secondsUntil(view.resendAt) !== null;
    const isReady = this.wasWaiting && !isWaiting;
    this.wasWaiting = isWaiting;
    const stale = staleAt(view, this.clock.now());
    // A second later, so that the server agrees that it is over.
    const staleMs = stale === null ? Infinity : Date.parse(stale) - this.clock.now() + SECOND_MS;
    const waitMs = Math.min(isWaiting ? SECOND_MS : Infinity, staleMs);
    if (waitMs < Infinity)
      this.timer = setTimeout(() => {
        this.host.counted();
        if (waitMs === staleMs) this.host.stale();
        else this.watch(view);
      }, waitMs);
    if (isReady) this.host.ready();
  }
}
