/** An application of yours, with Sixdigit mounted into it: its services are injected, its routes are under `/otp`. */
import 'reflect-metadata';
import { Module, StandardSchemaValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SixdigitModule } from 'sixdigit';
import { PhoneModule } from './phone.module.js';
import { withSessions } from './sessions.js';

const { APP_PORT = '4000', ...env } = process.env;

@Module({ imports: [SixdigitModule.register({ prefix: '/otp', env }), PhoneModule] })
class AppModule {}

const app = await NestFactory.create<NestFastifyApplication>(
  AppModule,
  new FastifyAdapter({ trustProxy: env.TRUSTED_PROXIES ?? false }),
);
await withSessions(app);
app.useGlobalPipes(new StandardSchemaValidationPipe());
app.enableShutdownHooks(); // Ends running messages in good order, and the embedded database.
await app.listen(Number(APP_PORT), '127.0.0.1');
console.log(`Example listening at ${await app.getUrl()}`);
