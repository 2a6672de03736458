import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail } from '@nestjs/throttler';
import { DomainError } from '../../common/errors';
import type { ThrottledRequest } from '../../common/http/throttled-request';
import { ALLOWANCE, FREE_WITHOUT_KEY } from './allowance.decorators';

/**
 * Second of three guards: 429 before anything is looked up. Counts per good key, and per address for everybody else:
 * once for routes with `@OwnAllowance()`, and once for all others together. Routes with `@SkipThrottle()` are exempt,
 * and those with `@FreeWithoutKey()` where none is sent.
 */
@Injectable()
export class ThrottleGuard extends ThrottlerGuard {
  protected override async shouldSkip(context: ExecutionContext): Promise<boolean> {
    if (!this.reflector.get<boolean | undefined>(FREE_WITHOUT_KEY, context.getHandler())) return false;
    return context.switchToHttp().getRequest<ThrottledRequest>().headers.authorization === undefined;
  }

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
