import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../common/http/api-problems';
import type { Page } from '../common/page-cursor';
import { AdminOnly } from '../access/access.decorators';
import {
  applicationListResponse,
  applicationResponse,
  createApplicationBody,
  pageQuery,
  patchApplicationBody,
  toApplicationAnswer,
  toPageAnswer,
  type ApplicationAnswer,
  type CreateApplicationBody,
  type PageQuery,
  type PatchApplicationBody,
} from './applications.dto';
import { ApplicationsService } from './applications.service';

@ApiTags('Applications')
@AdminOnly()
@Controller('v1/applications')
export class ApplicationsController {
  constructor(private readonly applications: ApplicationsService) {}

  @Post()
  @ApiOperation({ summary: 'Make an application' })
  @ApiResponse({ status: 201, description: 'It exists.', standardSchema: applicationResponse })
  async create(
    @Body({ schema: createApplicationBody }) body: CreateApplicationBody,
  ): Promise<ApplicationAnswer> {
    return toApplicationAnswer(await this.applications.create(body));
  }

  @Get()
  @ApiOperation({ summary: 'List applications, newest first' })
  @ApiResponse({ status: 200, description: 'One page.', standardSchema: applicationListResponse })
  async list(@Query({ schema: pageQuery }) query: PageQuery): Promise<Page<ApplicationAnswer>> {
    return toPageAnswer(await this.applications.list(query), toApplicationAnswer);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read an application' })
  @ApiResponse({ status: 200, description: 'As it is now.', standardSchema: applicationResponse })
  @ApiProblems('not_found')
  async get(@Param('id') id: string): Promise<ApplicationAnswer> {
    return toApplicationAnswer(await this.applications.get(id));
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change an application',
    description: 'JSON Merge Patch: what is not named stays, null removes, arrays replace.',
  })
  @ApiResponse({ status: 200, description: 'As it is now.', standardSchema: applicationResponse })
  @ApiProblems('not_found')
  async patch(
    @Param('id') id: string,
    @Body({ schema: patchApplicationBody }) body: PatchApplicationBody,
  ): Promise<ApplicationAnswer> {
    return toApplicationAnswer(await this.applications.patch(id, body));
  }
}
