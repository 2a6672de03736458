import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, RequireScopeOrAdmin } from '../access/access.decorators';
import type { Principal } from '../access/principal';
import {
  statisticsAnswer,
  statisticsQuery,
  type StatisticsAnswer,
  type StatisticsInput,
} from './statistics.dto';
import { StatisticsService } from './statistics.service';

@ApiTags('Statistics')
@Controller('v1/statistics')
export class StatisticsController {
  constructor(private readonly statistics: StatisticsService) {}

  @Get()
  @RequireScopeOrAdmin('statistics:read')
  @ApiOperation({
    summary: 'Read sends, deliveries, conversions, cost and times',
    description:
      'Everything counts in the hour in which its verification was created. An API key sees its own application, ' +
      'the admin key all of them.',
  })
  @ApiResponse({ status: 200, description: 'One entry per group.', standardSchema: statisticsAnswer })
  read(
    @CurrentCaller() caller: Principal | null,
    @Query({ schema: statisticsQuery }) query: StatisticsInput,
  ): Promise<StatisticsAnswer> {
    return this.statistics.read(caller, query);
  }
}
