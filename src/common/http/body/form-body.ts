import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../../errors';
import { refuseOtherEncodings } from './body-parser';

declare module 'fastify' {
  interface FastifyContextConfig {
    takesForms?: boolean;
  }
}

const FORM_TYPE = 'application/x-www-form-urlencoded';

/** A route that takes what a form without script sends, as an object of texts, beside JSON. */
export const TakesForms = (): MethodDecorator => RouteConfig({ takesForms: true });

/** Call it before the routes are made. Other routes take no forms: a page of anybody could send them one. */
export function useFormBodies(fastify: FastifyInstance, limitBytes: number): void {
  fastify.addContentTypeParser<string>(
    FORM_TYPE,
    { parseAs: 'string', bodyLimit: limitBytes },
    (request, text, done) => {
      try {
        done(null, fieldsOf(request, text));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}

function fieldsOf(request: FastifyRequest, text: string): Readonly<Record<string, string>> {
  if (request.routeOptions.config.takesForms !== true) throw new DomainError('unsupported_media_type');
  refuseOtherEncodings(request);
  return Object.fromEntries(new URLSearchParams(text));
}
