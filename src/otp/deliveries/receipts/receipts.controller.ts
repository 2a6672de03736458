import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServerSettings } from '../../../../config/settings';
import { Public } from '../../../access/access.decorators';
import { Clock } from '../../../common/clock';
import { rawBodyOf, TakesRawBody } from '../../../common/http/body/raw-body';
import { receiptRequest } from './receipt-request';
import { ReceiptsService } from './receipts.service';

type VendorRequest = FastifyRequest<{ Params: { gateway: string; secret: string } }>;

/**
 * Where gateways report. Vendors call it, not the clients of the API: `docs/gateways.md` says how it is set up.
 *
 * No throttle: it counts by address, and a vendor reports on thousands of messages from one. A stranger costs one
 * MAC and a 404, before a byte of the body is read.
 */
@ApiExcludeController()
@SkipThrottle()
@Public()
@Controller('v1/receipts/:gateway/:secret')
export class ReceiptsController {
  constructor(
    private readonly receipts: ReceiptsService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ServerSettings) private readonly settings: ServerSettings,
  ) {}

  @Post()
  @HttpCode(200)
  @TakesRawBody()
  post(@Req() request: VendorRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.receive(request, reply);
  }

  @Get()
  @TakesRawBody()
  get(@Req() request: VendorRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.receive(request, reply);
  }

  /** 200 with an empty body: the one answer that every vendor takes for a receipt received. */
  private async receive(request: VendorRequest, reply: FastifyReply): Promise<string> {
    const { gateway, secret } = request.params;
    // Fastify answers HEAD by the route of GET; whoever only looks whether we are there reports nothing.
    if (request.method === 'HEAD') return '';
    const url = this.settings.publicUrl + request.originalUrl;
    const raw = { method: request.method, headers: request.raw.headers, body: rawBodyOf(request) };
    const { body, contentType } = await this.receipts.receive({
      gateway,
      secret,
      ip: request.ip,
      request: receiptRequest(url, raw, this.clock.now()),
    });
    // Said, not guessed: a vendor takes words on the phone as XML only, and a challenge is to be no page.
    reply.type(`${contentType}; charset=utf-8`);
    return body;
  }
}
