import { Body, Controller, Get, HttpCode, Headers, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ServerSettings } from '../../../config/settings';
import { RequireScope } from '../../access/access.decorators';
import { basePathOf } from '../../common/http/base-path';
import { waitSecondsOf } from '../../common/http/prefer';
import { OwnAllowance } from '../../limits/throttle/allowance.decorators';
import type { CallContext } from './call-context';
import { CurrentContext } from './call-context.pipe';
import { createVerificationSchema, type CreateVerification } from './start/start.dto';
import {
  checkSchema,
  listSchema,
  noBodySchema,
  sendSchema,
  toAnswer,
  toListQuery,
  type Check,
  type CheckAnswer,
  type List,
  type ListAnswer,
  type Send,
  type VerificationAnswer,
} from './verifications.dto';
import {
  DocumentCancel,
  DocumentCheck,
  DocumentCreate,
  DocumentGet,
  DocumentList,
  DocumentSend,
} from './verifications.openapi';
import { VerificationsService, type StartOutcome } from './verifications.service';

const statusOfStart: Readonly<Record<StartOutcome, number>> = { started: 201, joined: 200, quiet: 200 };

@ApiTags('Verifications')
@Controller('v1/verifications')
export class VerificationsController {
  private readonly base: string;

  constructor(
    private readonly otp: VerificationsService,
    @Inject(ServerSettings) { publicUrl }: Pick<ServerSettings, 'publicUrl'>,
  ) {
    this.base = `${basePathOf(publicUrl)}/v1/verifications`;
  }

  /** Sends a code: 201 with a new verification, 200 when a pending one was joined. */
  @Post()
  @RequireScope('verifications:write')
  @DocumentCreate()
  async create(
    @CurrentContext() context: CallContext,
    @Body({ schema: createVerificationSchema }) body: CreateVerification,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VerificationAnswer> {
    const waitSeconds = waitSecondsOf(prefer);
    const started = await this.otp.start(context, body, { idempotencyKey, waitSeconds });
    if (waitSeconds !== undefined) void reply.header('preference-applied', `wait=${waitSeconds}`);
    void reply.header('location', `${this.base}/${started.id}`);
    void reply.status(statusOfStart[started.outcome]);
    tellReplay(reply, started);
    return toAnswer(started);
  }

  /** Checks a code: 200 whenever the guess was evaluated. */
  @Post(':id/checks')
  @HttpCode(200)
  @OwnAllowance('checks')
  @RequireScope('verifications:write')
  @DocumentCheck()
  async check(
    @CurrentContext() context: CallContext,
    @Param('id') id: string,
    @Body({ schema: checkSchema }) body: Check,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CheckAnswer> {
    const checked = await this.otp.check(context, id, body, { idempotencyKey });
    tellReplay(reply, checked);
    return Object.assign(toAnswer(checked), { valid: checked.valid });
  }

  /** Sends the same code again. */
  @Post(':id/sends')
  @RequireScope('verifications:write')
  @DocumentSend()
  async send(
    @CurrentContext() context: CallContext,
    @Param('id') id: string,
    @Body({ schema: sendSchema }) body: Send,
  ): Promise<VerificationAnswer> {
    return toAnswer(await this.otp.send(context, id, body));
  }

  /** Ends the verification; its code is worth nothing from then on. */
  @Post(':id/cancel')
  @HttpCode(200)
  @RequireScope('verifications:write')
  @DocumentCancel()
  async cancel(
    @CurrentContext() context: CallContext,
    @Param('id') id: string,
    @Body({ schema: noBodySchema }) _body: unknown,
  ): Promise<VerificationAnswer> {
    return toAnswer(await this.otp.cancel(context, id));
  }

  @Get(':id')
  @RequireScope('verifications:read')
  @DocumentGet()
  async get(@CurrentContext() context: CallContext, @Param('id') id: string): Promise<VerificationAnswer> {
    return toAnswer(await this.otp.read(context, id));
  }

  @Get()
  @RequireScope('verifications:read')
  @DocumentList()
  async list(
    @CurrentContext() context: CallContext,
    @Query({ schema: listSchema }) query: List,
  ): Promise<ListAnswer> {
    const { items, nextCursor } = await this.otp.list(context, toListQuery(query));
    return { data: items.map(toAnswer), nextCursor };
  }
}

/** This is the remembered answer to an earlier call with the same key. */
function tellReplay(reply: FastifyReply, { replayed }: { readonly replayed: boolean }): void {
  if (replayed) void reply.header('idempotent-replayed', 'true');
}
