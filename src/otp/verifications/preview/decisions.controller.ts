import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../../access/access.decorators';
import { ApiProblems } from '../../../common/http/api-problems';
import type { CallContext } from '../call-context';
import { CurrentContext } from '../call-context.pipe';
import { createVerificationSchema, type CreateVerification } from '../start/start.dto';
import { previewResponse, toAnswer, type PreviewAnswer } from './decisions.dto';
import { PreviewService } from './preview.service';

@ApiTags('Decisions')
@Controller('v1/decisions')
export class DecisionsController {
  constructor(private readonly previews: PreviewService) {}

  @Post('preview')
  @HttpCode(200)
  @RequireScope('verifications:read')
  @ApiOperation({
    summary: 'See what a create would do now, and why',
    description:
      'Takes the body of a create, and asks every rule: number, lists, limits, budgets, and the state of the ' +
      'recipient. Nothing is written, charged or sent. Risk checks that only a vendor can answer are not asked. ' +
      'The answer is for you and not for the person: it names the rules.',
  })
  @ApiResponse({ status: 200, description: 'What every rule says.', standardSchema: previewResponse })
  @ApiProblems('invalid_request', 'phone_invalid')
  async preview(
    @CurrentContext() context: CallContext,
    @Body({ schema: createVerificationSchema }) body: CreateVerification,
  ): Promise<PreviewAnswer> {
    return toAnswer(await this.previews.preview(context, body));
  }
}
