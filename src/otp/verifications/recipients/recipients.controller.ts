import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../../access/access.decorators';
import { ApiProblems } from '../../../common/http/api-problems';
import type { CallContext } from '../call-context';
import { CurrentContext } from '../call-context.pipe';
import { recipientAnswerSchema, recipientSchema, toAnswer, type RecipientAnswer } from './recipients.dto';
import { RecipientsService, type Recipient } from './recipients.service';

/** Numbers travel in bodies, never in URLs. */
@ApiTags('Recipients')
@Controller('v1/recipients')
export class RecipientsController {
  constructor(private readonly recipients: RecipientsService) {}

  /** Failures, lock and sends of a recipient, all zero for one never seen. */
  @Post('lookup')
  @HttpCode(200)
  @RequireScope('recipients:unlock')
  @ApiOperation({ summary: 'Read the failures, lock and sends of a number' })
  @ApiResponse({
    status: 200,
    description: 'All zero for one never seen.',
    standardSchema: recipientAnswerSchema,
  })
  @ApiProblems('invalid_request', 'phone_invalid')
  async lookup(
    @CurrentContext() context: CallContext,
    @Body({ schema: recipientSchema }) body: Recipient,
  ): Promise<RecipientAnswer> {
    return toAnswer(await this.recipients.lookup(context, body));
  }

  /** Forgives the failures of a recipient and ends its lock. */
  @Post('unlock')
  @HttpCode(204)
  @RequireScope('recipients:unlock')
  @ApiOperation({ summary: 'Forgive the failures of a number and end its lock' })
  @ApiResponse({ status: 204, description: 'It is not locked.' })
  @ApiProblems('invalid_request', 'phone_invalid')
  unlock(
    @CurrentContext() context: CallContext,
    @Body({ schema: recipientSchema }) body: Recipient,
  ): Promise<void> {
    return this.recipients.unlock(context, body);
  }
}
