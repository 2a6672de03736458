import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../../errors';
import { parseJsonBody } from '../../json-body';

export const BODY_LIMIT_BYTES = 16 * 1024;

/** From here on the server reads `application/json` in UTF-8 and answers 415 to everything else that has a body. */
export function useJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
    (request, bytes, done) => {
      try {
        refuseOtherEncodings(request);
        done(null, parseJsonBody(bytes));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}

/** UTF-8 and no compression, for every body that is text. */
export function refuseOtherEncodings({ headers }: FastifyRequest): void {
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  const compression = headers['content-encoding'] ?? 'identity';
  if (!/^utf-?8$/i.test(charset) || compression !== 'identity') {
    throw new DomainError('unsupported_media_type', {
      detail: 'Send the body as JSON in UTF-8 with Content-Type: application/json and without compression.',
    });
  }
}
