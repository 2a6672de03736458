import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, RequireScope } from '../../access/access.decorators';
import type { Principal } from '../../access/principal';
import { ApplicationsService } from '../../applications/applications.service';
import { previewAnswer, previewSchema, type PreviewAnswer, type PreviewInput } from './messages.dto';
import { MessagesService } from './messages.service';

@ApiTags('Messages')
@Controller('v1/messages')
export class MessagesController {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly messages: MessagesService,
  ) {}

  @Post('preview')
  @HttpCode(HttpStatus.OK)
  @RequireScope('messages:preview')
  @ApiOperation({
    summary: 'See a message before it is sent',
    description:
      'The text as a person would get it, in how many parts it travels, from which sender, and what it costs by the ' +
      'price book. ' +
      'Sends and stores nothing. The code in it is always 1234567890, cut to its length.',
  })
  @ApiResponse({ status: 200, description: 'The message.', standardSchema: previewAnswer })
  async preview(
    @Body({ schema: previewSchema }) body: PreviewInput,
    @CurrentPrincipal() { applicationId }: Principal,
  ): Promise<PreviewAnswer> {
    return this.messages.preview(await this.applications.current(applicationId), body);
  }
}
