import { Body, Controller, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequireScope } from '../../access/access.decorators';
import type { CallContext } from '../../otp/verifications/call-context';
import { CurrentContext } from '../../otp/verifications/call-context.pipe';
import { PagesService } from '../page/pages.service';
import type { Process } from '../process/process';
import { BeginService } from './begin.service';
import {
  createHostedSchema,
  redeemSchema,
  type CreateHosted,
  type HostedAnswer,
  type Redeem,
  type RedeemedAnswer,
} from './hosted-verifications.dto';
import { DocumentBegin, DocumentRedeem } from './hosted-verifications.openapi';
import { RedeemService } from './redeem.service';

/** What backends ask: a beginning, and the proof at the end. Nothing in between says anything. */
@ApiTags('Hosted verifications')
@Controller('v1/hosted-verifications')
export class HostedVerificationsController {
  constructor(
    private readonly beginning: BeginService,
    private readonly redeeming: RedeemService,
    private readonly pages: PagesService,
  ) {}

  @Post()
  @RequireScope('hosted:write')
  @DocumentBegin()
  async begin(
    @CurrentContext() context: CallContext,
    @Body({ schema: createHostedSchema }) body: CreateHosted,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HostedAnswer> {
    const { process, token, replayed } = await this.beginning.begin(context, body, idempotencyKey);
    if (replayed) void reply.header('idempotent-replayed', 'true');
    const entrance =
      process.surface === 'component'
        ? { sessionToken: token }
        : { url: `${this.pages.base(context.application)}/verify/${token}` };
    return { id: process.id, ...entrance, expiresAt: process.expiresAt.toISOString() };
  }

  @Post(':id/redeem')
  @HttpCode(200)
  @RequireScope('hosted:write')
  @DocumentRedeem()
  async redeem(
    @CurrentContext() context: CallContext,
    @Param('id') id: string,
    @Body({ schema: redeemSchema }) { resultToken }: Redeem,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RedeemedAnswer> {
    const { process, replayed } = await this.redeeming.redeem(context, id, resultToken, idempotencyKey);
    if (replayed) void reply.header('idempotent-replayed', 'true');
    return toAnswer(process);
  }
}

function toAnswer({ purpose, code, approvedAt, personal }: Process): RedeemedAnswer {
  const { to, transaction, digest = null, state, metadata } = personal;
  if (to === null || code === null || approvedAt === null)
    throw new Error('an approved process proves something');
  return {
    valid: true,
    to,
    purpose,
    verificationId: code.verificationId,
    approvedAt: approvedAt.toISOString(),
    transaction,
    digest,
    state,
    metadata: metadata && { ...metadata },
  };
}
