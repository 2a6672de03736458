import { Writable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Module, Param, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiResponse } from '@nestjs/swagger';
import { mongo } from 'mongoose';
import { z } from 'zod';
import type { ServerSettings } from '../../config/settings';
import { createApp } from '../../src/app.setup';
import { DomainError } from '../../src/common/errors';
import { createLogger } from '../../src/common/logging/logger';
import { text } from '../../src/common/zod-text';

export const edgeSettings: ServerSettings = {
  environment: 'test',
  isProduction: false,
  port: 0,
  host: '127.0.0.1',
  publicUrl: 'http://127.0.0.1:0',
  trustProxyHops: 0,
  logLevel: 'trace',
  maxConnections: 100,
};

const thing = z.strictObject({
  name: text({ max: 20 }),
  size: z.int().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});
const note = z.strictObject({ note: text({ max: 10 }).optional() }).optional();
const listQuery = z.strictObject({ limit: z.coerce.number().int().max(100).optional() });
const thingId = z.string().regex(/^[0-9]{1,9}$/, 'Not an id.');
const thingResponse = z.strictObject({ id: z.string(), name: z.string() }).meta({ id: 'Thing' });

/** A few routes that do nothing but meet the edges. */
@Controller('v1/things')
class ThingsController {
  @Post()
  @ApiResponse({ status: 201, standardSchema: thingResponse })
  create(@Body({ schema: thing }) body: z.infer<typeof thing>): z.infer<typeof thingResponse> {
    return { id: '1', name: body.name };
  }

  @Get()
  list(@Query({ schema: listQuery }) query: z.infer<typeof listQuery>): object {
    return { limit: query.limit ?? null };
  }

  @Get(':id')
  read(@Param('id', { schema: thingId }) id: string): object {
    return { id };
  }

  @Post(':id/notes')
  @HttpCode(200)
  note(@Body({ schema: note }) body: z.infer<typeof note>): object {
    return { note: body?.note ?? null };
  }

  @Post(':id/cancel')
  @HttpCode(200)
  cancel(): object {
    return { canceled: true };
  }
}

/** Routes that go wrong in every way the product knows. */
@Controller('fail')
class FailingController {
  @Get('domain/:code')
  domain(@Param('code') code: never): never {
    const lockedUntil = code === 'recipient_locked' ? null : undefined;
    throw new DomainError(code, { ...(lockedUntil !== undefined && { lockedUntil }) });
  }

  @Get('unknown')
  unknown(): never {
    throw new Error('the code 483920 of +447700900123 at mongodb://user:pa55word@db');
  }

  @Get('mongo')
  mongo(): never {
    throw new mongo.MongoNetworkError('connection 7 to 127.0.0.1:27017 closed');
  }

  @Get('slow/:ms')
  async slow(@Param('ms') ms: string): Promise<object> {
    await new Promise((resolve) => setTimeout(resolve, Number(ms)));
    return { done: true };
  }
}

@Module({ controllers: [ThingsController, FailingController] })
class EdgeTestModule {}

export interface EdgeApp {
  readonly app: NestFastifyApplication;
  /** Complete log lines so far. */
  readonly lines: () => string[];
}

/** A tiny application behind the real edges, not yet listening; its log is kept in memory. */
export async function edgeApp(settings: Partial<ServerSettings> = {}): Promise<EdgeApp> {
  let log = '';
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log += chunk.toString();
      done();
    },
  });
  const all = { ...edgeSettings, ...settings };
  const app = await createApp(EdgeTestModule, {
    settings: all,
    logger: createLogger(all.logLevel, destination),
  });
  return { app, lines: () => log.split('\n').filter((line) => line !== '') };
}
