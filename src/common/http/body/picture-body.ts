import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { DomainError } from '../../errors';
import { type ImportAdmission, withoutBody } from './import-body';

declare module 'fastify' {
  interface FastifyContextConfig {
    takesPictures?: boolean;
  }
}

const PICTURE_LIMIT_BYTES = 32 * 1024;

const ONLY_PNG = 'Send the bytes of a PNG with Content-Type: image/png and without compression.';

/** A route of the operator that takes up to 32 KiB of `image/png`, which arrive in `@Body()` as a buffer. */
export const TakesPicture = (): MethodDecorator => RouteConfig({ takesPictures: true });

/** Call it before the routes are made. */
export function usePictureBodies(fastify: FastifyInstance, admission: ImportAdmission): void {
  fastify.addHook('onRoute', (route) => {
    if (!takesPictures(route.config)) return;
    route.bodyLimit = PICTURE_LIMIT_BYTES;
    route.preParsing = (request, _reply, _payload, done) => {
      if (!admission.admits(request.headers.authorization)) withoutBody(request);
      else if (!isPlainPng(request.headers)) return done(onlyPng());
      done();
    };
  });
  fastify.addContentTypeParser<Buffer>('image/png', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (takesPictures(request.routeOptions.config)) done(null, bytes);
    else done(new DomainError('unsupported_media_type'));
  });
}

/** A body of no type, or none, is for the controller to refuse: there is nothing in it to read. */
function isPlainPng({
  'content-type': type = 'image/png',
  'content-encoding': compression = 'identity',
}: Readonly<Record<string, unknown>>): boolean {
  return type === 'image/png' && compression === 'identity';
}

const onlyPng = () => new DomainError('unsupported_media_type', { detail: ONLY_PNG });

const takesPictures = (config: RouteOptions['config']): boolean => config?.takesPictures === true;
