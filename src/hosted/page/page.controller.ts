import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../access/access.decorators';
import { TakesForms } from '../../common/http/body/form-body';
import { PageVisitsService } from './page-visits.service';

/** The page of a process. Loading it sends nothing and changes nothing. */
@ApiExcludeController()
@Controller('verify')
@Public()
export class PageController {
  constructor(private readonly pages: PageVisitsService) {}

  @Get(':token')
  async page(
    @Param('token') token: string,
    @Query('locale') locale: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.pages.show({ token, request, reply, locale });
  }

  @Get(':token/state')
  async state(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.pages.tell({ token, request, reply });
  }

  /** By a form: 303, or 422 with the page. By a script: the view. */
  @Post(':token/:action')
  @HttpCode(200)
  @TakesForms()
  async act(
    @Param('token') token: string,
    @Param('action') action: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.pages.act({ token, request, reply }, action, body);
  }
}
