import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { isLocale, wordsOf } from '../../../web/verify/languages';
import type { Words } from '../../../web/verify/words';
import { Public } from '../../access/access.decorators';
import { DomainError } from '../../common/errors';

/** What the component says, one language at a time. */
@ApiExcludeController()
@Controller('embed/v1/words')
@Public()
export class WordsController {
  @Get(':words')
  words(@Param('words') file: string, @Res({ passthrough: true }) reply: FastifyReply): Words {
    const locale = file.replace(/\.json$/, '');
    if (locale === file || !isLocale(locale)) throw new DomainError('not_found');
    void reply.headers({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=3600',
    });
    return wordsOf(locale);
  }
}
