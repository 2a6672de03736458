import { Controller, Get, HttpCode } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { IsOperator, Public } from '../access/access.decorators';
import { FreeWithoutKey } from '../limits/throttle/allowance.decorators';
import { liveResponse, readyResponse, type LiveResponse, type ReadyResponse } from './health.dto';
import { HealthService } from './health.service';

@ApiTags('Health')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get('live')
  @SkipThrottle()
  @HttpCode(200)
  @ApiOperation({
    summary: 'The process runs',
    description: 'Asks nobody else: restart the process when it fails.',
  })
  @ApiResponse({ status: 200, description: 'It runs.', standardSchema: liveResponse })
  live(): LiveResponse {
    return { status: 'ok' };
  }

  @Get('ready')
  @FreeWithoutKey()
  @ApiOperation({
    summary: 'The process can take traffic',
    description:
      'MongoDB answers and the process is not going down. With the admin key the answer also has what each check ' +
      'found: how far behind the jobs are, how calls to gateways go; and, at 503, what is down.',
  })
  @ApiResponse({ status: 200, description: 'It can.', standardSchema: readyResponse })
  ready(@IsOperator() isOperator: boolean): Promise<ReadyResponse> {
    return this.health.ready({ withDetails: isOperator });
  }
}
