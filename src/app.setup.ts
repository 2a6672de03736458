import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DynamicModule, Type } from '@nestjs/common';
import type { FastifyHttpOptions, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { ServerSettings } from '../config/settings';
import { ShutdownState } from './common/shutdown-state';
import { EdgeModule } from './common/edge.module';
import { BODY_LIMIT_BYTES, useJsonBodies } from './common/http/body/body-parser';
import { answerInTime } from './common/http/deadline';
import { clientErrorAnswer } from './common/http/client-error';
import { useImportBodies } from './common/http/body/import-body';
import { RawBodyAdmission, useRawBodies } from './common/http/body/raw-body';
import { requestIdFrom } from './common/http/request-id';
import { RouteTable } from './common/http/route-table';
import { docsHeaders, securityHeaders } from './common/http/security-headers';
import { trustedHops } from './common/http/trusted-hops';
import { createLogger } from './common/logging/logger';
import { NestLogger } from './common/logging/nest-logger';
import { logRequests } from './common/logging/request-log';
import { ProblemFilter } from './common/problem.filter';
import { ValidationPipe } from './common/validation.pipe';
import { serveOpenApi } from './openapi/openapi.setup';

/** A request must have arrived completely by then; slow senders hold a connection no longer. */
const REQUEST_TIMEOUT_MS = 15_000;
const CONNECTION_CHECK_MS = 5_000;
/** Longer than the 60 s after which common balancers drop an idle connection, so that they close first. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
const MAX_HEADER_BYTES = 16 * 1024;
/** Longer than any id; an address beyond it is answered 404. */
const MAX_PARAM_LENGTH = 1024;

/** What an application is made of besides its modules. */
export interface Edge {
  readonly settings: ServerSettings;
  readonly logger?: Logger;
}

/**
 * The application with everything that stands between a socket and a controller, ready for `listen()`:
 * `main.ts` and the end-to-end tests both start here.
 */
export async function createApp(
  appModule: Type | DynamicModule,
  { settings, logger = createLogger(settings.logLevel) }: Edge,
): Promise<NestFastifyApplication> {
  const routes = new RouteTable();
  const filter = new ProblemFilter(routes);
  const headers = securityHeaders(settings.isProduction);
  const adapter = new FastifyAdapter({
    ...serverOptions(settings, headers),
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      reply.headers({ ...headers, 'x-request-id': request.id });
      filter.answer(error, request, reply);
    },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  const shutdown = new ShutdownState();
  const admission = new RawBodyAdmission();
  setUpHooks(fastify, { headers, shutdown, routes });
  answerInTime(fastify, (error, request, reply) => filter.answer(error, request, reply));
  logRequests(fastify, logger);
  useJsonBodies(fastify);
  useImportBodies(fastify);
  useRawBodies(fastify, admission);
  const app = await NestFactory.create<NestFastifyApplication>(
    EdgeModule.around(appModule, shutdown, admission),
    adapter,
    {
      logger: new NestLogger(logger),
      bodyParser: false,
      abortOnError: false,
    },
  );
  app.useGlobalFilters(filter);
  app.useGlobalPipes(new ValidationPipe());
  serveOpenApi(app, settings.publicUrl);
  return app;
}

function serverOptions(
  settings: ServerSettings,
  headers: Readonly<Record<string, string>>,
): FastifyHttpOptions<Server> {
  return {
    logger: false,
    trustProxy: trustedHops(settings.trustProxyHops),
    genReqId: (request) => requestIdFrom(request.headers['x-request-id']),
    bodyLimit: BODY_LIMIT_BYTES,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: { maxHeaderSize: MAX_HEADER_BYTES, connectionsCheckingInterval: CONNECTION_CHECK_MS },
    // Its answer would not be a problem document; `shutdown.ts` ends connections in good order instead.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
      return socket.end(clientErrorAnswer(error.code, headers));
    },
  };
}

function setUpHooks(
  fastify: FastifyInstance,
  {
    headers,
    shutdown,
    routes,
  }: { headers: Readonly<Record<string, string>>; shutdown: ShutdownState; routes: RouteTable },
): void {
  fastify.addHook('onRoute', (route) => {
    routes.add(route.url, route.method);
    if (route.url.startsWith('/docs')) {
      route.onSend = (_request, reply, payload, done) => {
        reply.headers(docsHeaders);
        done(null, payload);
      };
    }
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    shutdown.requestStarted();
    reply.raw.once('close', () => shutdown.requestEnded());
    reply.headers(headers).header('x-request-id', request.id);
    done();
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (shutdown.isStopping) reply.header('connection', 'close');
    done(null, payload);
  });
}
