import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { DomainError, unavailable } from '../../errors';
import { ByteBudget } from './byte-budget';

declare module 'fastify' {
  interface FastifyContextConfig {
    takesRawBody?: boolean;
  }
}

/** A hundred receipts of the longest kind; the vendors' own bounds are lower. */
const RAW_LIMIT_BYTES = 256 * 1024;
/** Of all such bodies that arrive or are worked on; vendors report again what was not taken. */
const RAW_TOTAL_BYTES = 16 * 1024 * 1024;
/** Under this name the parser for raw bodies is found, whatever the request calls its body. */
const RAW_TYPE = 'application/x-raw-body';

/** The named parts of an address. */
export type RouteParams = Readonly<Record<string, string | undefined>>;

/**
 * Decides by the address alone who may send a body to a raw route. Such bodies may be big and are read before
 * anything else happens, so whoever is refused here does not get to send one. One check: one feature has such routes.
 */
export class RawBodyAdmission {
  private check: ((params: RouteParams) => void) | null = null;

  /** `check` throws what the caller is to be answered. */
  useCheck(check: (params: RouteParams) => void): void {
    this.check = check;
  }

  /** Refuses everybody until there is a check. */
  admit(params: RouteParams): void {
    if (!this.check) throw new DomainError('not_found');
    this.check(params);
  }
}

/** A route that takes up to 256 KiB of any type, byte for byte: see {@link rawBodyOf}. */
export const TakesRawBody = (): MethodDecorator => RouteConfig({ takesRawBody: true });

/** The bytes; none where there was no body. The headers as they came are in `request.raw.headers`. */
export function rawBodyOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** Call it before the routes are made. */
export function useRawBodies(fastify: FastifyInstance, admission: RawBodyAdmission): void {
  const budget = new ByteBudget(RAW_TOTAL_BYTES, RAW_LIMIT_BYTES);
  fastify.addHook('onRoute', (route) => {
    if (!takesRawBody(route.config)) return;
    route.bodyLimit = RAW_LIMIT_BYTES;
    route.preParsing = (request, reply, payload, done) => {
      try {
        admission.admit(request.params as RouteParams);
        refuseCompression(request);
        if (!budget.take(request, reply)) throw unavailable('Too many receipts at once. Try again.', 15);
        // So that no other parser sees the body.
        request.headers = { 'content-type': RAW_TYPE };
        done(null, payload);
      } catch (error) {
        done(error as Error);
      }
    };
  });
  fastify.addContentTypeParser<Buffer>(RAW_TYPE, { parseAs: 'buffer' }, (request, bytes, done) => {
    if (takesRawBody(request.routeOptions.config)) done(null, bytes);
    else done(new DomainError('unsupported_media_type'));
  });
}

/** A signature covers what was sent, and a few bytes could unpack to any size. */
function refuseCompression({ headers }: FastifyRequest): void {
  if ((headers['content-encoding'] ?? 'identity') === 'identity') return;
  throw new DomainError('unsupported_media_type', { detail: 'Send the body without compression.' });
}

const takesRawBody = (config: RouteOptions['config']): boolean => config?.takesRawBody === true;
