import { isUtf8 } from 'node:buffer';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { DomainError, unavailable } from '../../errors';
import { refuseOtherEncodings } from './body-parser';
import { ByteBudget } from './byte-budget';

declare module 'fastify' {
  interface FastifyContextConfig {
    takesImports?: boolean;
  }
}

/** Ten thousand rows as JSON. */
const IMPORT_LIMIT_BYTES = 1024 * 1024;
/** Of all imports that arrive or are worked on. */
const IMPORTS_TOTAL_BYTES = 4 * IMPORT_LIMIT_BYTES;

const NOT_HERE = 'Only imports may be CSV. Send the body as JSON with Content-Type: application/json.';

/** Not one byte is read, and no place taken: the guards come at once, count the call and refuse it. */
export function withoutBody(request: FastifyRequest): void {
  request.headers = {
    'content-type': undefined,
    'content-length': undefined,
    'transfer-encoding': undefined,
  };
}

/** Tells by the key, which it knows without asking anybody, whose import or picture is worth reading. */
export class ImportAdmission {
  private check: ((authorization: string | undefined) => boolean) | null = null;

  useCheck(check: (authorization: string | undefined) => boolean): void {
    this.check = check;
  }

  /** Nobody's until there is a check. */
  admits(authorization: string | undefined): boolean {
    return this.check?.(authorization) ?? false;
  }
}

/**
 * A route that takes up to 1 MiB, as JSON or as `text/csv`; the latter arrives in `@Body()` as a string. For routes
 * of the operator alone: see {@link ImportAdmission}.
 */
export const TakesImports = (): MethodDecorator => RouteConfig({ takesImports: true });

/** Call it before the routes are made. */
export function useImportBodies(fastify: FastifyInstance, admission: ImportAdmission): void {
  const budget = new ByteBudget(IMPORTS_TOTAL_BYTES, IMPORT_LIMIT_BYTES);
  fastify.addHook('onRoute', (route) => {
    if (!takesImports(route.config)) return;
    route.bodyLimit = IMPORT_LIMIT_BYTES;
    route.preParsing = (request, reply, _payload, done) => {
      if (!admission.admits(request.headers.authorization)) {
        withoutBody(request);
        return done();
      }
      if (budget.take(request, reply)) return done();
      done(unavailable('Other imports are under way. Try again.', 15));
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
