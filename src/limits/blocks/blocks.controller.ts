import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, RequireScope } from '../../access/access.decorators';
import type { Principal } from '../../access/principal';
import { ApiProblems } from '../../common/http/api-problems';
import {
  blockListResponse,
  blockResponse,
  blocksQuery,
  createBlockBody,
  lookUpBlockBody,
  toBlockAnswer,
  type BlockAnswer,
  type BlockListAnswer,
  type BlocksQueryInput,
  type CreateBlock,
  type LookUpBlock,
} from './blocks.dto';
import { BlocksService } from './blocks.service';

/** Numbers travel in bodies, never in URLs. */
@ApiTags('Blocks')
@RequireScope('limits:write')
@Controller('v1/blocks')
export class BlocksController {
  constructor(private readonly blocks: BlocksService) {}

  @Post()
  @ApiOperation({
    summary: 'Block or allow a number, prefix, country, address or device',
    description:
      'There is one entry for each list, kind and value: again with the same ones changes its reason and end. Holds ' +
      'at once here, and on every other instance within 4 s.',
  })
  @ApiResponse({ status: 201, description: 'It is in force.', standardSchema: blockResponse })
  @ApiProblems('invalid_request', 'phone_invalid')
  async create(
    @CurrentPrincipal() caller: Principal,
    @Body({ schema: createBlockBody }) body: CreateBlock,
  ): Promise<BlockAnswer> {
    return toBlockAnswer(await this.blocks.create(caller, body));
  }

  @Post('lookup')
  @HttpCode(200)
  @ApiOperation({ summary: 'Find the entries for a value, e.g. to remove the STOP of a number' })
  @ApiResponse({ status: 200, description: 'At most one of each list.', standardSchema: blockListResponse })
  @ApiProblems('invalid_request', 'phone_invalid')
  async lookup(
    @CurrentPrincipal() caller: Principal,
    @Body({ schema: lookUpBlockBody }) body: LookUpBlock,
  ): Promise<BlockListAnswer> {
    return { data: (await this.blocks.lookup(caller, body)).map(toBlockAnswer), nextCursor: null };
  }

  @Get()
  @ApiOperation({ summary: 'List the entries in force, newest first' })
  @ApiResponse({ status: 200, description: 'One page.', standardSchema: blockListResponse })
  async list(
    @CurrentPrincipal() caller: Principal,
    @Query({ schema: blocksQuery }) query: BlocksQueryInput,
  ): Promise<BlockListAnswer> {
    const { data, nextCursor } = await this.blocks.list(caller, query);
    return { data: data.map(toBlockAnswer), nextCursor };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read an entry' })
  @ApiResponse({ status: 200, description: 'It is in force.', standardSchema: blockResponse })
  @ApiProblems('not_found')
  async get(@CurrentPrincipal() caller: Principal, @Param('id') id: string): Promise<BlockAnswer> {
    return toBlockAnswer(await this.blocks.get(caller, id));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove an entry; the person sent START, or it was a mistake' })
  @ApiResponse({ status: 204, description: 'It is not in force any more.' })
  @ApiProblems('not_found')
  async remove(@CurrentPrincipal() caller: Principal, @Param('id') id: string): Promise<void> {
    await this.blocks.remove(caller, id);
  }
}
