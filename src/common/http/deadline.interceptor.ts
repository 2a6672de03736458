import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Observable, throwError, timeout } from 'rxjs';
import { unavailable } from '../errors';
import { waitSecondsOf } from './prefer';

/** Every call is answered within 10 s; what the database has not said by now is not waited for. */
const DEADLINE_MS = 9_500;

/**
 * Ends a call whose steps each keep to their own limit but together take too long. What is under way goes on:
 * the outcome is unknown to the caller, and a repeat with the same idempotency key finds it.
 */
@Injectable()
export class DeadlineInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<{ headers: { prefer?: string } }>();
    const asked = waitSecondsOf(request.headers.prefer) ?? 0;
    const giveUp = () =>
      throwError(() => unavailable('No answer in time. Repeat with the same Idempotency-Key.'));
    return next.handle().pipe(timeout({ first: DEADLINE_MS + asked * 1000, with: giveUp }));
  }
}
