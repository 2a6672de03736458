import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../access/access.decorators';
import { DomainError } from '../../common/errors';
import { AssetsService, type Asset } from './assets.service';

/** Their names change with their content. */
const FOR_GOOD = 'public, max-age=31536000, immutable';
/** Its address stays, its content does not. */
const FOR_AN_HOUR = 'public, max-age=3600';
/** The component and what it loads later belong to pages of others, too. There is nothing in them to hide. */
const FOR_ALL_PAGES = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
} as const;

@ApiExcludeController()
@Controller()
@Public()
export class AssetsController {
  constructor(private readonly assets: AssetsService) {}

  @Get('assets/:name')
  asset(
    @Param('name') name: string,
    @Headers('accept-encoding') encodings: string | undefined,
    @Res() reply: FastifyReply,
  ): void {
    const asset = this.assets.find(name, encodings);
    if (!asset) throw new DomainError('not_found');
    send(reply.headers({ 'cache-control': FOR_GOOD, ...FOR_ALL_PAGES }), asset);
  }

  /** For pages of others, under a name that stays. */
  @Get('embed/v1/sixdigit-verify.js')
  component(
    @Headers('accept-encoding') encodings: string | undefined,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): void {
    const name = this.assets.component;
    const asset = this.assets.find(name, encodings);
    if (!asset) throw new DomainError('not_found');
    const etag = `"${name}"`;
    void reply.headers({ 'cache-control': FOR_AN_HOUR, etag, ...FOR_ALL_PAGES });
    if (known === etag) void reply.code(304).send();
    else send(reply, asset);
  }
}

function send(reply: FastifyReply, { body, type, encoding }: Asset): void {
  void reply.header('content-type', type).header('vary', 'accept-encoding');
  if (encoding !== null) void reply.header('content-encoding', encoding);
  void reply.send(body);
}
