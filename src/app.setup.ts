import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DynamicModule, Type } from '@nestjs/common';
import type { FastifyHttpOptions, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { ServerSettings } from '../config/settings';
import type { ShutdownState } from './common/shutdown-state';
import { EdgeModule, EdgeState } from './common/edge.module';
import { BODY_LIMIT_BYTES, useJsonBodies } from './common/http/body/body-parser';
import { answerInTime } from './common/http/deadline';
import { docsPages } from './common/http/docs-pages';
import { type BareAnswers, onClientError } from './common/http/client-error';
import { boundedConnections } from './common/http/connections/bounded-connections.service';
import {
  CONNECTION_CHECK_MS,
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  MAX_HEADER_BYTES,
  REQUEST_TIMEOUT_MS,
} from './common/http/connections/limits';
import { useFormBodies } from './common/http/body/form-body';
import { useImportBodies } from './common/http/body/import-body';
import { usePictureBodies } from './common/http/body/picture-body';
import { useRawBodies } from './common/http/body/raw-body';
import { answerConnect, closeWhenUnread, refuseOddRequests } from './common/http/odd-requests';
import { requestIdFrom } from './common/http/request-id';
import { RouteTable } from './common/http/route-table';
import { securityHeaders } from './common/http/security-headers';
import { trustedHops } from './common/http/trusted-hops';
import { createLogger } from './common/logging/logger';
import { NestLogger } from './common/logging/nest-logger';
import { logRequests } from './common/logging/request-log';
import { ProblemFilter } from './common/problem.filter';
import { ValidationPipe } from './common/validation.pipe';
import { serveOpenApi } from './openapi/openapi.setup';

/** Longer than any id; an address beyond it is answered 404. */
const MAX_PARAM_LENGTH = 1024;

/** What an application is made of besides its modules. */
export interface Edge {
  readonly settings: ServerSettings;
  readonly logger?: Logger;
  /** Nest's one logger of the process belongs to another application. */
  readonly isGuest?: boolean;
}

/**
 * The application with everything that stands between a socket and a controller, ready for `listen()`:
 * `main.ts` and the end-to-end tests both start here.
 */
export async function createApp(
  appModule: Type | DynamicModule,
  { settings, logger = createLogger(settings.logLevel), isGuest = false }: Edge,
): Promise<NestFastifyApplication> {
  const routes = new RouteTable();
  const filter = new ProblemFilter(routes);
  const state = new EdgeState();
  const headers = securityHeaders(settings.isProduction);
  const connections = boundedConnections(settings.maxConnections, logger);
  const adapter = new FastifyAdapter({
    ...serverOptions(settings, { headers, connections, logger }),
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      reply.headers({ ...headers, 'x-request-id': request.id });
      closeWhenUnread(request, reply);
      filter.answer(error, request, reply);
    },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  connections.watch(fastify.server);
  answerConnect(fastify.server, { headers, connections, logger });
  setUpHooks(fastify, { headers, routes, shutdown: state.shutdown });
  answerInTime(fastify, (error, request, reply) => filter.answer(error, request, reply));
  refuseOddRequests(fastify);
  logRequests(fastify, logger);
  useJsonBodies(fastify);
  useImportBodies(fastify, state.imports);
  usePictureBodies(fastify, state.imports);
  useFormBodies(fastify, BODY_LIMIT_BYTES);
  useRawBodies(fastify, state.rawBodies);
  const app = await NestFactory.create<NestFastifyApplication>(EdgeModule.around(appModule, state), adapter, {
    ...(!isGuest && { logger: new NestLogger(logger) }),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(filter);
  app.useGlobalPipes(new ValidationPipe());
  serveOpenApi(app, settings.publicUrl);
  return app;
}

function serverOptions(settings: ServerSettings, answers: BareAnswers): FastifyHttpOptions<Server> {
  return {
    logger: false,
    trustProxy: trustedHops(settings.trustProxyHops),
    genReqId: (request) => requestIdFrom(request.headers['x-request-id']),
    bodyLimit: BODY_LIMIT_BYTES,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CONNECTION_CHECK_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Node's own refusal would have no body and no id: `refuseOddRequests` has one.
      requireHostHeader: false,
    },
    // Its answer would not be a problem document; `shutdown.ts` ends connections in good order instead.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => onClientError(error, socket, answers),
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
  const asDocsPage = docsPages();
  fastify.addHook('onRoute', (route) => {
    routes.add(route.url, route.method);
    if (route.url.startsWith('/docs')) asDocsPage(route);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    shutdown.requestStarted();
    reply.raw.once('close', () => shutdown.requestEnded());
    reply.headers(headers).header('x-request-id', request.id);
    done();
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (shutdown.isStopping) reply.header('connection', 'close');
    closeWhenUnread(request, reply);
    done(null, payload);
  });
}
