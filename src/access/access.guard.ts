import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Clock } from '../common/clock';
import { bodyProblem } from '../common/http/body/body-problem';
import { ACCESS_RULE, type AccessRequest, type AccessRule } from './access.decorators';
import { AdminKey } from './credentials/admin-key';
import { refusalOf, type Credential } from './credentials/credential';
import { CredentialsService } from './credentials/credentials.service';
import type { Scope } from './principal';
import { toRefusalError, type AccessRefusal } from './refusal';
import { RefusalRecorder, type RefusedCall } from './refusal-recorder';

/** Who was refused, for the audit trail. */
type Caller = Pick<RefusedCall, 'applicationId' | 'actor' | 'subject'>;

const operator: Caller = { applicationId: null, actor: 'admin', subject: 'admin' };

/**
 * Last of three guards: lets a call through only by a rule that stands on the route. Runs after the throttle,
 * because a key that is not in memory costs a look-up.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly credentials: CredentialsService,
    private readonly adminKey: AdminKey,
    @Inject(RefusalRecorder) private readonly refusals: RefusalRecorder,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS_RULE, [
      context.getHandler(),
      context.getClass(),
    ]);
    const request = context.switchToHttp().getRequest<AccessRequest>();
    if (rule?.kind === 'public') {
      request.isOperator = request.keyDigest !== undefined && this.adminKey.matches(request.keyDigest);
      return true;
    }
    try {
      return await this.admit(rule, request);
    } catch (refusal) {
      // Strangers to the admin API learn nothing about its bodies.
      throw (rule?.kind === 'scope' ? bodyProblem(context) : null) ?? refusal;
    }
  }

  private async admit(rule: AccessRule | undefined, request: AccessRequest): Promise<boolean> {
    const stranger: Caller = { applicationId: null, actor: 'anonymous', subject: request.ip };
    if (!rule) return this.refuse('no_access_rule', stranger);
    const digest = request.keyDigest;
    if (digest === undefined) return this.refuse('key_missing', stranger);
    if (this.adminKey.matches(digest)) return this.admitOperator(rule, request);
    const credential = await this.credentials.resolve(digest);
    if (!credential) return this.refuse('key_unknown', stranger);
    return this.judge(credential, rule, request);
  }

  private admitOperator(rule: AccessRule, request: AccessRequest): boolean {
    if (rule.kind === 'scope' && rule.orAdmin) request.principal = null;
    else if (rule.kind !== 'admin') this.refuse('api_key_required', operator);
    return true;
  }

  private judge(credential: Credential, rule: AccessRule, request: AccessRequest): boolean {
    const { key, principal } = credential;
    const scope: Scope | null = rule.kind === 'scope' ? rule.scope : null;
    const refusal = refusalOf(credential, { ip: request.ip, now: this.clock.now(), scope });
    const { applicationId, actor } = principal;
    const holder: Caller = { applicationId, actor, subject: key.id };
    if (refusal) return this.refuse(refusal, holder);
    if (rule.kind !== 'scope') return this.refuse('admin_key_required', holder);
    request.principal = principal;
    return true;
  }

  private refuse(rule: AccessRefusal, caller: Caller): never {
    this.refusals.recordRefusal({ type: 'access_denied', ...caller, rule });
    throw toRefusalError(rule);
  }
}
