import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail } from '@nestjs/throttler';
import { DomainError } from '../common/errors';
import type { ThrottledRequest } from '../common/http/throttled-request';
import { ALLOWANCE } from './allowance.decorators';

/**
 * Second of three guards: 429 before anything is looked up. Counts per good key, and per address for everybody else:
 * once for routes with `@OwnAllowance()`, and once for all others together. Routes with `@SkipThrottle()` are exempt.
 */
@Injectable()
export class ThrottleGuard extends ThrottlerGuard {
  protected override async getTracker(request: ThrottledRequest): Promise<string> {
    // IPv6 by /64, which is what one customer of a provider gets.
    return request.throttleBucket ?? `ip:${await super.getTracker(request)}`;
  }

  protected override generateKey(context: ExecutionContext, tracker: string): string {
    const own = this.reflector.get<string | undefined>(ALLOWANCE, context.getHandler());
    return own === undefined ? tracker : `${tracker} ${own}`;
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
