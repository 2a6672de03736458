import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { loadSettings } from '../config/load-settings';
import { AppModule } from '../src/app.module';
import { EdgeModule } from '../src/common/edge.module';
import { openApiDocument } from '../src/openapi/openapi-document';
import { gateways } from '../src/sms/gateways.generated';

/**
 * The OpenAPI document of the whole application as text. Nest's preview mode reads the controllers without
 * creating anything: no database, no keys, no network. The same source always gives the same text.
 */
export async function buildOpenApiFile(): Promise<string> {
  const settings = loadSettings({ NODE_ENV: 'test', SMS_ROUTES: '*:console' }, gateways);
  const database = {
    uri: 'mongodb://127.0.0.1/preview',
    name: 'preview',
    embeddedPid: () => null,
    stop: () => Promise.resolve(),
  };
  const appModule = EdgeModule.around(AppModule.forRoot(settings, database));
  const app = await NestFactory.create(appModule, new FastifyAdapter(), { preview: true, logger: false });
  await app.init();
  return `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
}
