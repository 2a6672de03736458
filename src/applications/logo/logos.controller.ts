import { Body, Controller, Delete, HttpCode, Inject, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ServerSettings } from '../../../config/settings';
import { AdminOnly } from '../../access/access.decorators';
import { logoUrl } from '../../brand/logo/logo-file';
import { ApiProblems } from '../../common/http/api-problems';
import { TakesPicture } from '../../common/http/body/picture-body';
import { logoAnswer, type LogoAnswer } from './logos.dto';
import { LogosService } from './logos.service';

@ApiTags('Applications')
@AdminOnly()
@ApiProblems('not_found')
@Controller('v1/applications/:id/logo')
export class LogosController {
  constructor(
    private readonly logos: LogosService,
    @Inject(ServerSettings) private readonly settings: ServerSettings,
  ) {}

  @Put()
  @TakesPicture()
  @ApiOperation({
    summary: 'Set the logo of an application',
    description:
      'A PNG of at most 32 KiB, 1024 pixels a side and 512 by 512 in all. It is decoded and written anew: of the bytes ' +
      'that were sent nothing is kept. Everything else, SVG too, is refused with what to do.',
    requestBody: {
      required: true,
      content: { 'image/png': { schema: { type: 'string', format: 'binary' } } },
    },
  })
  @ApiResponse({ status: 200, description: 'It is shown from now on.', standardSchema: logoAnswer })
  async put(@Param('id') id: string, @Body() body: unknown): Promise<LogoAnswer> {
    const { hash, logo } = await this.logos.put(id, Buffer.isBuffer(body) ? body : Buffer.alloc(0));
    const url = logoUrl(id, hash, this.settings.publicUrl) ?? '';
    return { url, width: logo.width, height: logo.height, bytes: logo.png.length };
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove the logo of an application' })
  @ApiResponse({ status: 204, description: 'There is none, now or before.' })
  async remove(@Param('id') id: string): Promise<void> {
    await this.logos.remove(id);
  }
}
