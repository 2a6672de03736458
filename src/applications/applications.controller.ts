import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { Page } from '../common/page-cursor';
import { AdminOnly } from './access.decorators';
import {
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

@AdminOnly()
@Controller('v1/applications')
export class ApplicationsController {
  constructor(private readonly applications: ApplicationsService) {}

  @Post()
  async create(
    @Body({ schema: createApplicationBody }) body: CreateApplicationBody,
  ): Promise<ApplicationAnswer> {
    return toApplicationAnswer(await this.applications.create(body));
  }

  @Get()
  async list(@Query({ schema: pageQuery }) query: PageQuery): Promise<Page<ApplicationAnswer>> {
    return toPageAnswer(await this.applications.list(query), toApplicationAnswer);
  }

  @Get(':id')
  async get(@Param('id') id: string): Promise<ApplicationAnswer> {
    return toApplicationAnswer(await this.applications.get(id));
  }

  @Patch(':id')
  async patch(
    @Param('id') id: string,
    @Body({ schema: patchApplicationBody }) body: PatchApplicationBody,
  ): Promise<ApplicationAnswer> {
    return toApplicationAnswer(await this.applications.patch(id, body));
  }
}
