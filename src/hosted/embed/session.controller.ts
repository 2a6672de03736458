import { Body, Controller, Get, HttpCode, Options, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { wordsOf } from '../../../web/verify/languages';
import type { Words } from '../../../web/verify/words';
import { Public } from '../../access/access.decorators';
import { bearerToken } from '../../access/bearer';
import { wordsOf as ownWordsOf } from '../../brand/brand';
import { DomainError } from '../../common/errors';
import { ActionsService } from '../person/actions.service';
import { isActionName } from '../person/ask.dto';
import type { Visit } from '../person/visit';
import { VisitsService } from '../person/visits.service';
import { ViewsService } from '../view/views.service';

/** Before a call with a token, browsers ask whether they may make it, without saying which token that is. */
const preflight = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '7200',
};

/** What the component asks, in the page of an application. Its token is for the pages of one origin. */
@ApiExcludeController()
@Controller('embed/v1/session')
@Public()
export class SessionController {
  constructor(
    private readonly visits: VisitsService,
    private readonly views: ViewsService,
    private readonly actions: ActionsService,
  ) {}

  @Options()
  @HttpCode(204)
  mayLook(@Res({ passthrough: true }) reply: FastifyReply): void {
    void reply.headers(preflight);
  }

  @Options(':action')
  @HttpCode(204)
  mayAct(@Res({ passthrough: true }) reply: FastifyReply): void {
    void reply.headers(preflight);
  }

  @Get()
  async look(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const visit = await this.enter(request, reply);
    return this.views.view(visit);
  }

  /** What the component says, in the language of the view and as the application words it. */
  @Get('words')
  async words(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Words> {
    const { application, locale } = await this.enter(request, reply);
    return ownWordsOf(application, locale, wordsOf(locale));
  }

  @Post(':action')
  @HttpCode(200)
  async act(
    @Param('action') action: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const visit = await this.enter(request, reply);
    if (action === 'number') return this.actions.echo(visit, body);
    if (!isActionName(action)) throw new DomainError('not_found');
    return this.views.afterwards(await this.actions.act(visit, action, body));
  }

  /** @throws DomainError `session_invalid`, `forbidden` for a page of another origin */
  private async enter(request: FastifyRequest, reply: FastifyReply): Promise<Visit> {
    const { headers, ip, method } = request;
    void reply.header('vary', 'origin');
    const token = bearerToken(headers.authorization);
    const found = token === null ? null : await this.visits.find(token, 'component');
    if (!found) {
      // Every page may know that it holds nothing.
      void reply.header('access-control-allow-origin', '*');
      throw new DomainError('session_invalid');
    }
    const { origin } = found.known.process;
    // A page of the same origin as this server does not name it with what it only reads.
    const isNamed = headers.origin !== undefined || method === 'POST';
    if (isNamed && headers.origin !== origin)
      throw new DomainError('forbidden', { detail: 'This session is for pages of another origin.' });
    void reply.header('access-control-allow-origin', origin ?? '');
    const acceptLanguage = headers['accept-language'];
    return this.visits.inComponent(found, { ip, chosenLocale: undefined, acceptLanguage });
  }
}
