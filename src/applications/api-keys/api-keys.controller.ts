import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Page } from '../../common/page-cursor';
import { AdminOnly } from '../access.decorators';
import { pageQuery, toPageAnswer, type PageQuery } from '../applications.dto';
import {
  createKeyBody,
  toApiKeyAnswer,
  type ApiKeyAnswer,
  type CreateKeyBody,
  type NewApiKeyAnswer,
} from './api-keys.dto';
import { ApiKeysService } from './api-keys.service';

@AdminOnly()
@Controller('v1/applications/:applicationId/keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Post()
  async create(
    @Param('applicationId') applicationId: string,
    @Body({ schema: createKeyBody }) body: CreateKeyBody,
  ): Promise<NewApiKeyAnswer> {
    const { key, secret } = await this.keys.create(applicationId, body);
    return { ...toApiKeyAnswer(key), key: secret.reveal() };
  }

  @Get()
  async list(
    @Param('applicationId') applicationId: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<Page<ApiKeyAnswer>> {
    return toPageAnswer(await this.keys.list(applicationId, query), toApiKeyAnswer);
  }

  @Get(':keyId')
  async get(
    @Param('applicationId') applicationId: string,
    @Param('keyId') keyId: string,
  ): Promise<ApiKeyAnswer> {
    return toApiKeyAnswer(await this.keys.get(applicationId, keyId));
  }

  @Delete(':keyId')
  @HttpCode(204)
  async revoke(@Param('applicationId') applicationId: string, @Param('keyId') keyId: string): Promise<void> {
    await this.keys.revoke(applicationId, keyId);
  }
}
