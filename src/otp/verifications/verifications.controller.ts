import { Body, Controller, Get, HttpCode, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, RequireScope } from '../../access/access.decorators';
import type { Principal } from '../../applications/application';
import { verificationNotFound } from './refusals';
import { ListService } from './read/list.service';
import { VerificationsService } from './verifications.service';
import type { CallResult } from './verifications.service';
import { waitSecondsOf } from '../../common/http/prefer';
import { ReaderService } from './read/reader.service';
import {
  checkSchema,
  createVerificationSchema,
  ID_PATTERN,
  listSchema,
  noBodySchema,
  sendSchema,
} from './verifications.dto';
import {
  DocumentCancel,
  DocumentCheck,
  DocumentCreate,
  DocumentGet,
  DocumentList,
  DocumentSend,
} from './verifications.openapi';
import type { Check, CreateVerification, List, Send, VerificationAnswer } from './verifications.dto';

@ApiTags('Verifications')
@Controller('v1/verifications')
export class VerificationsController {
  constructor(
    private readonly otp: VerificationsService,
    private readonly reader: ReaderService,
    private readonly lists: ListService,
  ) {}

  /** Sends a code: 201 with a new verification, 200 when a pending one was joined. */
  @Post()
  @RequireScope('verifications:write')
  @DocumentCreate()
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: createVerificationSchema }) body: CreateVerification,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VerificationAnswer> {
    const waitSeconds = waitSecondsOf(prefer);
    const result = await this.otp.create(principal, body, { idempotencyKey, waitSeconds });
    if (waitSeconds !== undefined) void reply.header('preference-applied', `wait=${waitSeconds}`);
    void reply.header('location', `/v1/verifications/${result.verification.id}`);
    return answered(reply, result).verification;
  }

  /** Checks a code: 200 whenever the guess was evaluated. */
  @Post(':id/checks')
  @RequireScope('verifications:write')
  @DocumentCheck()
  async check(
    @CurrentPrincipal() principal: Principal,
    @Param('id') id: string,
    @Body({ schema: checkSchema }) body: Check,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VerificationAnswer & { valid: boolean }> {
    const result = await this.otp.check(principal, known(id), body, { idempotencyKey });
    const { verification, valid } = answered(reply, result);
    return { ...verification, valid: valid === true };
  }

  /** Sends the same code again. */
  @Post(':id/sends')
  @RequireScope('verifications:write')
  @DocumentSend()
  send(
    @CurrentPrincipal() principal: Principal,
    @Param('id') id: string,
    @Body({ schema: sendSchema }) body: Send,
  ): Promise<VerificationAnswer> {
    return this.otp.send(principal, known(id), body);
  }

  /** Ends the verification; its code is worth nothing from then on. */
  @Post(':id/cancel')
  @HttpCode(200)
  @RequireScope('verifications:write')
  @DocumentCancel()
  cancel(
    @CurrentPrincipal() principal: Principal,
    @Param('id') id: string,
    @Body({ schema: noBodySchema }) _body: unknown,
  ): Promise<VerificationAnswer> {
    return this.otp.cancel(principal, known(id));
  }

  @Get(':id')
  @RequireScope('verifications:read')
  @DocumentGet()
  get(@CurrentPrincipal() principal: Principal, @Param('id') id: string): Promise<VerificationAnswer> {
    return this.reader.get(principal.application, known(id));
  }

  @Get()
  @RequireScope('verifications:read')
  @DocumentList()
  list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: listSchema }) query: List,
  ): Promise<{ data: VerificationAnswer[]; nextCursor: string | null }> {
    return this.lists.list(principal, query);
  }
}

/** What cannot be an id is no verification: the same answer as for an id that never was. */
function known(id: string): string {
  if (!ID_PATTERN.test(id)) throw verificationNotFound();
  return id;
}

function answered(reply: FastifyReply, result: CallResult): CallResult {
  void reply.status(result.status);
  if (result.replayed) void reply.header('idempotent-replayed', 'true');
  return result;
}
