import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail } from '@nestjs/throttler';
import { DomainError } from '../common/errors';
import type { ThrottledRequest } from '../common/http/throttled-request';

/**
 * Second of three guards: 429 before anything is looked up. One allowance per good key, whatever the route, and
 * one per address for everybody else. Routes with `@SkipThrottle()` are exempt.
 */
@Injectable()
export class ThrottleGuard extends ThrottlerGuard {
  protected override async getTracker(request: ThrottledRequest): Promise<string> {
    // IPv6 by /64, which is what one customer of a provider gets.
    return request.throttleBucket ?? `ip:${await super.getTracker(request)}`;
  }

  protected override generateKey(_context: ExecutionContext, tracker: string): string {
    return tracker;
  }

  protected override throwThrottlingException(
    _context: ExecutionContext,
    { timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    throw new DomainError('rate_limited', {
      detail: 'Too many requests in one second.',
      retryAfterSeconds: timeToBlockExpire,
    });
  }
}
