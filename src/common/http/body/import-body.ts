import { isUtf8 } from 'node:buffer';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { DomainError, unavailable } from '../../errors';
import { refuseOtherEncodings } from './body-parser';

declare module 'fastify' {
  interface FastifyContextConfig {
    takesImports?: boolean;
  }
}

/** Ten thousand rows as JSON. */
const IMPORT_LIMIT_BYTES = 1024 * 1024;
/**
 * Bodies are read before anybody knows who sends them: at most so many of this size at a time, so that strangers
 * who send slowly cannot fill the memory.
 */
const MAX_AT_ONCE = 4;

const NOT_HERE = 'Only imports may be CSV. Send the body as JSON with Content-Type: application/json.';

/** A route that takes up to 1 MiB, as JSON or as `text/csv`; the latter arrives in `@Body()` as a string. */
export const TakesImports = (): MethodDecorator => RouteConfig({ takesImports: true });

/** Call it before the routes are made. */
export function useImportBodies(fastify: FastifyInstance): void {
  let open = 0;
  fastify.addHook('onRoute', (route) => {
    if (!takesImports(route.config)) return;
    route.bodyLimit = IMPORT_LIMIT_BYTES;
    route.preParsing = (_request, reply, _payload, done) => {
      if (open >= MAX_AT_ONCE) {
        done(unavailable('Other imports are under way. Try again.', 15));
        return;
      }
      open += 1;
      reply.raw.once('close', () => (open -= 1));
      done();
    };
  });
  fastify.addContentTypeParser<Buffer>('text/csv', { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      done(null, csvText(request, bytes));
    } catch (error) {
      done(error as Error);
    }
  });
}

function csvText(request: FastifyRequest, bytes: Buffer): string {
  if (!takesImports(request.routeOptions.config))
    throw new DomainError('unsupported_media_type', { detail: NOT_HERE });
  refuseOtherEncodings(request);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const detail = 'The body is not valid UTF-8.';
  throw new DomainError('invalid_request', { detail, errors: [{ path: 'body', message: detail }] });
}

function takesImports(config: RouteOptions['config']): boolean {
  return config?.takesImports === true;
}
