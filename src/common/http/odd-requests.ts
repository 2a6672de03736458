import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../errors';
import { endWithProblem, type BareAnswers } from './client-error';
import { hasArrived, lingerAfterAnswer } from './connections/closing';
import { requestIdFrom } from './request-id';

/**
 * Requests that Node would answer by itself, without a body, an id and a line in the log: an `Expect` that it does not
 * know (417), and no `Host` (400). Here they are refused as any other.
 */
export function refuseOddRequests(fastify: FastifyInstance): void {
  fastify.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    fastify.server.emit('request', request, response),
  );
  fastify.addHook('onRequest', ({ raw }, _reply, done) => {
    done(oddity(raw) ?? undefined);
  });
}

function oddity({ headers, httpVersion }: IncomingMessage): DomainError | null {
  if (headers.host === undefined && httpVersion === '1.1')
    return new DomainError('invalid_request', { detail: 'Send a Host header.' });
  if (headers.expect !== undefined && !/\b100-continue\b/i.test(headers.expect))
    return new DomainError('expectation_failed', { detail: 'Expect may only be 100-continue.' });
  return null;
}

/** CONNECT asks for a tunnel, and Node would hang up without a word. */
export function answerConnect(server: Server, answers: BareAnswers): void {
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    const requestId = requestIdFrom(request.headers['x-request-id']);
    endWithProblem(socket, new DomainError('method_not_allowed'), requestId, answers);
  });
}

/** An answer that goes out before its request is in is the last one: what is still to come would only be thrown away. */
export function closeWhenUnread(request: FastifyRequest, reply: FastifyReply): void {
  if (hasArrived(request.raw)) return;
  reply.header('connection', 'close');
  lingerAfterAnswer(request.raw.socket);
}
