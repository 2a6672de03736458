import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { CurrentPrincipal, RequireScope } from '../applications/access.decorators';
import type { Principal } from '../applications/application';
import { RecipientsService } from './recipients.service';
import type { RecipientAnswer } from './recipients.service';
import { recipientSchema } from './verifications.dto';
import type { Recipient } from './verifications.dto';

/** Numbers travel in bodies, never in URLs. */
@Controller('v1/recipients')
export class RecipientsController {
  constructor(private readonly recipients: RecipientsService) {}

  /** Failures, lock and sends of a recipient, all zero for one never seen. */
  @Post('lookup')
  @HttpCode(200)
  @RequireScope('recipients:unlock')
  lookup(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: recipientSchema }) body: Recipient,
  ): Promise<RecipientAnswer> {
    return this.recipients.lookup(principal, body);
  }

  /** Forgives the failures of a recipient and ends its lock. */
  @Post('unlock')
  @HttpCode(204)
  @RequireScope('recipients:unlock')
  unlock(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: recipientSchema }) body: Recipient,
  ): Promise<void> {
    return this.recipients.unlock(principal, body);
  }
}
