import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { ThrottledRequest } from '../common/http/throttled-request';
import type { AccessRequest } from './access.decorators';
import { AdminKey } from './credentials/admin-key';
import { bearerToken } from './bearer';
import { refusalOf } from './credentials/credential';
import { CredentialsService } from './credentials/credentials.service';
import { digestOf } from './credentials/key-digest';

/**
 * First of three guards: says from memory alone whose allowance a call uses. Only a key that is known here and
 * usable from this address has one of its own. Every other caller shares the one of its address, so neither
 * random keys nor a stolen key at the wrong place escape it or use up somebody else's. Never refuses.
 *
 * Then the throttle refuses floods before anything is looked up, and {@link AccessGuard} decides.
 */
@Injectable()
export class IdentifyGuard implements CanActivate {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly adminKey: AdminKey,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AccessRequest & ThrottledRequest>();
    const token = bearerToken(request.headers.authorization);
    if (token === null) return true;
    const digest = digestOf(token);
    request.keyDigest = digest;
    const bucket = this.bucketOf(digest, request.ip);
    if (bucket !== null) request.throttleBucket = bucket;
    return true;
  }

  private bucketOf(digest: string, ip: string): string | null {
    const credential = this.credentials.peek(digest);
    if (!credential) return this.adminKey.matches(digest) ? 'admin' : null;
    const refusal = refusalOf(credential, { ip, now: this.clock.now(), scope: null });
    return refusal === null ? `key:${credential.key.id}` : null;
  }
}
