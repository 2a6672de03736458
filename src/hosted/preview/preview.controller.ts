import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, RequireScope } from '../../access/access.decorators';
import type { Principal } from '../../access/principal';
import { ApplicationsService } from '../../applications/applications.service';
import { pagePreviewSchema, type PagePreview } from './preview.dto';
import { PreviewService } from './preview.service';

@ApiTags('Hosted verifications')
@Controller('v1/hosted-verifications')
export class PreviewController {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly pages: PreviewService,
  ) {}

  @Post('preview')
  @HttpCode(200)
  @RequireScope('messages:preview')
  @ApiOperation({
    summary: 'See a page before people do',
    description:
      'The hosted page on the given screen, with the theme and the sentences of the application or with those of the ' +
      'call. Begins, sends and stores nothing; what a person would have typed is made up. It has no script.',
  })
  @ApiResponse({
    status: 200,
    description: 'The page, as a document.',
    content: { 'text/html': { schema: { type: 'string' } } },
  })
  async preview(
    @Body({ schema: pagePreviewSchema }) body: PagePreview,
    @CurrentPrincipal() { applicationId }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { html, policy } = this.pages.preview(await this.applications.current(applicationId), body);
    reply.headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
    return html;
  }
}
