import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

/** Set by the guard, as far as the log needs it. */
interface MaybeAuthenticated {
  readonly principal?: { readonly applicationId: string; readonly keyId: string } | null;
}

/**
 * One line per request: the route's pattern instead of the URL, which may hold a phone number in its query.
 * Probes are logged at `debug`: a balancer asks several times per second.
 */
export function logRequests(fastify: FastifyInstance, logger: Logger): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const level = levelOf(reply.statusCode, request.url);
    if (logger.isLevelEnabled(level)) logger[level](requestFields(request, reply), 'request');
    done();
  });
  fastify.addHook('onRequestAbort', (request, done) => {
    logger.info(
      { requestId: request.id, method: request.method, route: request.routeOptions.url },
      'client went away',
    );
    done();
  });
}

function levelOf(status: number, url: string): 'debug' | 'info' | 'warn' {
  if (status >= 500) return 'warn';
  return url.startsWith('/health/') ? 'debug' : 'info';
}

function requestFields(request: FastifyRequest & MaybeAuthenticated, reply: FastifyReply): object {
  const { principal } = request;
  return {
    requestId: request.id,
    method: request.method,
    route: request.routeOptions.url ?? null,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
    applicationId: principal?.applicationId,
    keyId: principal?.keyId,
  };
}
