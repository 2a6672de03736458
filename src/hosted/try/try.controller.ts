import { Body, Controller, Get, Headers, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServerSettings } from '../../../config/settings';
import type { TryProof, TryState } from '../../../web/try/contract';
import { renderReturn, renderTry } from '../../../web/try/page';
import { Public } from '../../access/access.decorators';
import { DomainError } from '../../common/errors';
import { AssetsService } from '../assets/assets.service';
import { isOwnOrigin } from '../page/page-address';
import { readVisit, visitCookie } from './try-cookie';
import { tryRedeemSchema, type TryRedeem } from './try.dto';
import { TryService } from './try.service';

const policy = (ancestors: string) =>
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:; " +
  `base-uri 'none'; form-action 'none'; frame-ancestors ${ancestors}`;

/** The demo of `npm start`: no route of it exists outside of development. There is no key in it. */
@ApiExcludeController()
@Public()
@Controller('try')
export class TryController {
  constructor(
    private readonly demo: TryService,
    private readonly assets: AssetsService,
    @Inject(ServerSettings) private readonly server: ServerSettings,
  ) {}

  /** Under the one address that the hosted page lets frame it. */
  @Get()
  page(@Req() { host }: FastifyRequest, @Res() reply: FastifyReply): void {
    const own = new URL('/try', this.server.publicUrl);
    if (host !== own.host) return void reply.redirect(own.href, 302);
    send(reply, renderTry(this.assets.ofDemo), "'none'");
  }

  @Get('return')
  comeBack(@Res() reply: FastifyReply): void {
    void reply.removeHeader('x-frame-options');
    send(reply, renderReturn(this.assets.ofDemo), "'self'");
  }

  @Post('begin')
  @HttpCode(201)
  async begin(
    @Headers('origin') origin: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ url: string }> {
    this.refuseForeign(origin);
    const { id, token } = await this.demo.begin();
    void reply.header('set-cookie', visitCookie(id));
    return { url: `/verify/${token}` };
  }

  @Get('state')
  state(@Headers('cookie') cookie: string | undefined): Promise<TryState> {
    return this.demo.state(readVisit(cookie));
  }

  @Post('redeem')
  @HttpCode(200)
  redeem(
    @Headers('origin') origin: string | undefined,
    @Headers('cookie') cookie: string | undefined,
    @Body({ schema: tryRedeemSchema }) { result }: TryRedeem,
  ): Promise<TryProof> {
    this.refuseForeign(origin);
    return this.demo.redeem(readVisit(cookie), result);
  }

  private refuseForeign(origin: string | undefined): void {
    if (isOwnOrigin(origin, [this.server.publicUrl])) return;
    throw new DomainError('forbidden', { detail: 'Only the page of the demo may call this.' });
  }
}

function send(reply: FastifyReply, html: string, ancestors: string): void {
  void reply
    .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy(ancestors) })
    .send(html);
}
