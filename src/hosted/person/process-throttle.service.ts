import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock';
import { DomainError } from '../../common/errors';
import { SlidingWindow } from '../../limits/throttle/sliding-window';

const MINUTE_MS = 60_000;
/** More than a person with a bad memory needs. */
const ACTIONS_PER_MINUTE = 30;
/** Views, and numbers that are looked at while they are typed. */
const LOOKS_PER_MINUTE = 240;

/** How often a process is asked for anything, on this instance, from however many addresses. */
@Injectable()
export class ProcessThrottle {
  private readonly actions = new SlidingWindow(MINUTE_MS);
  private readonly looks = new SlidingWindow(MINUTE_MS);

  constructor(@Inject(Clock) private readonly clock: Pick<Clock, 'monotonic'>) {}

  /** @throws DomainError `rate_limited` */
  act(processId: string): void {
    this.count(this.actions, ACTIONS_PER_MINUTE, processId);
  }

  /** @throws DomainError `rate_limited` */
  look(processId: string): void {
    this.count(this.looks, LOOKS_PER_MINUTE, processId);
  }

  private count(window: SlidingWindow, limit: number, processId: string): void {
    const { isAllowed, msLeft } = window.hit(processId, limit, this.clock.monotonic());
    if (isAllowed) return;
    const retryAfterSeconds = Math.ceil(msLeft / 1000);
    throw new DomainError('rate_limited', { detail: 'Too many requests in one minute.', retryAfterSeconds });
  }
}
