import { Injectable, type PipeTransform } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/access.decorators';
import type { Principal } from '../../access/principal';
import { ApplicationsService } from '../../applications/applications.service';
import { contextOf, type CallContext } from './call-context';

/** From who calls to what holds for the call: the one place where it is resolved. */
@Injectable()
class CallContextPipe implements PipeTransform<Principal, Promise<CallContext>> {
  constructor(private readonly applications: ApplicationsService) {}

  async transform({ applicationId, keyId }: Principal): Promise<CallContext> {
    return contextOf(await this.applications.current(applicationId), keyId);
  }
}

/** The {@link CallContext} of this call, for routes with `@RequireScope`. */
export const CurrentContext = (): ParameterDecorator => CurrentPrincipal(CallContextPipe);
