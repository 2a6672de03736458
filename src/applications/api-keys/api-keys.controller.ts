import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../common/http/api-problems';
import type { Page } from '../../common/page-cursor';
import { AdminOnly } from '../../access/access.decorators';
import { pageQuery, toPageAnswer, type PageQuery } from '../applications.dto';
import {
  apiKeyListResponse,
  apiKeyResponse,
  createKeyBody,
  newApiKeyResponse,
  toApiKeyAnswer,
  type ApiKeyAnswer,
  type CreateKeyBody,
  type NewApiKeyAnswer,
} from './api-keys.dto';
import { ApiKeysService } from './api-keys.service';

@ApiTags('Applications')
@ApiProblems('not_found')
@AdminOnly()
@Controller('v1/applications/:applicationId/keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Post()
  @ApiOperation({ summary: 'Make a key', description: 'The answer is the only place that ever shows it.' })
  @ApiResponse({ status: 201, description: 'It works from now on.', standardSchema: newApiKeyResponse })
  async create(
    @Param('applicationId') applicationId: string,
    @Body({ schema: createKeyBody }) body: CreateKeyBody,
  ): Promise<NewApiKeyAnswer> {
    const { key, secret } = await this.keys.create(applicationId, body);
    return { ...toApiKeyAnswer(key), key: secret.reveal() };
  }

  @Get()
  @ApiOperation({ summary: 'List the keys of an application, newest first' })
  @ApiResponse({ status: 200, description: 'One page.', standardSchema: apiKeyListResponse })
  async list(
    @Param('applicationId') applicationId: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<Page<ApiKeyAnswer>> {
    return toPageAnswer(await this.keys.list(applicationId, query), toApiKeyAnswer);
  }

  @Get(':keyId')
  @ApiOperation({ summary: 'Read a key, without its secret' })
  @ApiResponse({ status: 200, description: 'As it is now.', standardSchema: apiKeyResponse })
  async get(
    @Param('applicationId') applicationId: string,
    @Param('keyId') keyId: string,
  ): Promise<ApiKeyAnswer> {
    return toApiKeyAnswer(await this.keys.get(applicationId, keyId));
  }

  @Delete(':keyId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a key; it stops to work everywhere within 5 s' })
  @ApiResponse({ status: 204, description: 'It is revoked, now or before.' })
  async revoke(@Param('applicationId') applicationId: string, @Param('keyId') keyId: string): Promise<void> {
    await this.keys.revoke(applicationId, keyId);
  }
}
