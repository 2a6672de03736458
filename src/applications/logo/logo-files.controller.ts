import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../access/access.decorators';
import { LogosService } from './logos.service';

/** Of what is there; an answer that nothing is must not be kept. `nosniff` and the policy are on every answer. */
const pictureHeaders = {
  'content-type': 'image/png',
  'cache-control': 'public, max-age=31536000, immutable',
  'cross-origin-resource-policy': 'cross-origin',
  'content-disposition': 'inline; filename="logo.png"',
};

/** For the browsers of people: anybody may see a logo, on any page. */
@ApiExcludeController()
@Public()
@Controller('brand/:applicationId')
export class LogoFilesController {
  constructor(private readonly logos: LogosService) {}

  @Get(':file')
  async get(
    @Param('applicationId') applicationId: string,
    @Param('file') file: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const png = await this.logos.read(applicationId, file);
    reply.headers(pictureHeaders);
    return png;
  }
}
