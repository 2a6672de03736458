import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AdminOnly } from '../../access/access.decorators';
import { ApiProblems } from '../../common/http/api-problems';
import {
  gatewaysAnswer,
  testSendAnswer,
  testSendBody,
  type GatewaysAnswer,
  type TestSend,
  type TestSendAnswer,
} from './gateways.dto';
import { GatewaysService } from './gateways.service';
import { TestSendService } from './test-send.service';

@ApiTags('Gateways')
@AdminOnly()
@Controller('v1/gateways')
export class GatewaysController {
  constructor(
    private readonly gateways: GatewaysService,
    private readonly tests: TestSendService,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List gateways',
    description: 'Those that have settings, as the instance that answers has seen them since it started.',
  })
  @ApiResponse({ status: 200, description: 'All of them.', standardSchema: gatewaysAnswer })
  async list(): Promise<GatewaysAnswer> {
    return { data: await this.gateways.list() };
  }

  @Post(':name/test')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({
    summary: 'Send a test message',
    description:
      'Through exactly this gateway: no fail-over, whatever its breaker says. It is charged like any other. At most ' +
      'ten a minute and instance.',
  })
  @ApiResponse({ status: 200, description: 'What the gateway said.', standardSchema: testSendAnswer })
  @ApiProblems('not_found', 'phone_invalid')
  test(@Param('name') name: string, @Body({ schema: testSendBody }) body: TestSend): Promise<TestSendAnswer> {
    return this.tests.send(name, body);
  }
}
