import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { gatewaysOf } from '../../../config/routes';
import { SmsSettings } from '../../../config/settings';
import { CurrentPrincipal, RequireScope } from '../../access/access.decorators';
import type { Principal } from '../../access/principal';
import { DomainError } from '../../common/errors';
import { ApiProblems } from '../../common/http/api-problems';
import { parsePhoneNumber } from '../../phone/parse-phone-number';
import { phoneProblemMessages } from '../../phone/phone-problem';
import {
  sandboxMessagesSchema,
  sandboxQuerySchema,
  toAnswer,
  type SandboxMessagesAnswer,
  type SandboxQueryInput,
} from './sandbox.dto';
import { SandboxService } from './sandbox.service';

@ApiTags('Sandbox')
@Controller('v1/sandbox')
export class SandboxController {
  constructor(
    private readonly sandbox: SandboxService,
    @Inject(SmsSettings) private readonly settings: SmsSettings,
  ) {}

  @Get('messages')
  @RequireScope('sandbox:read')
  @ApiOperation({
    summary: 'List texts in the sandbox',
    description:
      'What the `console` gateway took within the last hour, newest first. 404 while no route names it.',
  })
  @ApiResponse({ status: 200, description: 'A page of texts.', standardSchema: sandboxMessagesSchema })
  @ApiProblems('not_found')
  async list(
    @Query({ schema: sandboxQuerySchema }) { to, limit, cursor }: SandboxQueryInput,
    @CurrentPrincipal() { applicationId }: Principal,
  ): Promise<SandboxMessagesAnswer> {
    if (!this.isThere()) throw noSandbox();
    const number = to === undefined ? null : canonical(to);
    return toAnswer(await this.sandbox.list(applicationId, number, { after: cursor ?? null, limit }));
  }

  /** A gateway without settings of its own exists by the server's routes alone. */
  private isThere(): boolean {
    return (
      this.settings.sandbox && gatewaysOf(Object.values(this.settings.routes).flat()).includes('console')
    );
  }
}

function noSandbox(): DomainError {
  return new DomainError('not_found', {
    detail: 'There is no sandbox inbox: no route names the console gateway.',
  });
}

/** A plus sign that was not encoded arrives as a space. An e-mail address is compared as it was given. */
function canonical(to: string): string {
  if (to.includes('@')) return to;
  const parsed = parsePhoneNumber(to.replace(/^ (?=\d)/, '+'));
  if (parsed.ok) return parsed.number.e164;
  const { reason } = parsed;
  throw new DomainError('phone_invalid', {
    reason,
    errors: [{ path: 'to', message: phoneProblemMessages[reason] }],
  });
}
