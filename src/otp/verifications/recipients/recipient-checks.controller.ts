import { Body, Controller, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequireScope } from '../../../access/access.decorators';
import { ApiProblems } from '../../../common/http/api-problems';
import { OwnAllowance } from '../../../limits/throttle/allowance.decorators';
import type { CallContext } from '../call-context';
import { CurrentContext } from '../call-context.pipe';
import { toAnswer } from '../verifications.dto';
import { IdempotencyKey } from '../verifications.openapi';
import { VerificationsService } from '../verifications.service';
import {
  recipientCheckAnswerSchema,
  recipientCheckSchema,
  type RecipientCheck,
  type RecipientCheckAnswer,
} from './recipient-checks.dto';

/** For callers who know the person and not the verification: a cashier, a door. */
@ApiTags('Verifications')
@Controller('v1/checks')
export class RecipientChecksController {
  constructor(private readonly otp: VerificationsService) {}

  /** Always 200 for a guess; it shares the allowance of checks by id, so nobody has two. */
  @Post()
  @HttpCode(200)
  @OwnAllowance('checks')
  @RequireScope('verifications:write')
  @ApiOperation({
    summary: 'Check a code by recipient',
    description:
      'Whatever is not right is answered alike, so that no answer says whether a code is out there. Send an ' +
      'Idempotency-Key with every check.',
  })
  @IdempotencyKey()
  @ApiResponse({
    status: 200,
    description: 'Whether it was right.',
    standardSchema: recipientCheckAnswerSchema,
  })
  @ApiProblems(
    ...(['invalid_request', 'phone_invalid', 'limit_reached'] as const),
    ...(['idempotency_in_progress', 'idempotency_key_reused', 'rate_limited'] as const),
  )
  async check(
    @CurrentContext() context: CallContext,
    @Body({ schema: recipientCheckSchema }) body: RecipientCheck,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RecipientCheckAnswer> {
    const { valid, verification, replayed } = await this.otp.checkRecipient(context, body, {
      idempotencyKey,
    });
    if (replayed) void reply.header('idempotent-replayed', 'true');
    return { valid, verification: verification && toAnswer(verification) };
  }
}
