import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from './errors';
import { toDomainError } from './foreign-error';
import { hasArrived } from './http/connections/closing';
import type { RouteTable } from './http/route-table';
import { toProblem } from './problem';

/** Turns every error of every layer into an RFC 9457 answer; no stack and no foreign message leaves the server. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(private readonly routes: RouteTable) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(exception, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** For errors that Fastify meets before Nest is reached. */
  answer(exception: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = this.orMethodNotAllowed(brokenOff(request) ?? toDomainError(exception), request, reply);
    const problem = toProblem(error, request.id);
    if (error.code === 'internal') {
      this.logger.error('request failed', { requestId: request.id }, exception);
    }
    if (reply.sent) return;
    // A guard may have set its own Retry-After already: it knows better than the default.
    const { 'retry-after': retryAfter, ...headers } = problem.headers;
    if (retryAfter !== undefined && !reply.hasHeader('retry-after')) reply.header('retry-after', retryAfter);
    reply.code(problem.status).headers(headers).send(JSON.stringify(problem.body));
  }

  private orMethodNotAllowed(error: DomainError, request: FastifyRequest, reply: FastifyReply): DomainError {
    if (error.code !== 'not_found') return error;
    const allowed = this.routes.methodsFor(pathOf(request.url));
    if (allowed.length === 0 || allowed.includes(request.method)) return error;
    reply.header('allow', allowed.join(', '));
    return new DomainError('method_not_allowed', { detail: `Use ${allowed.join(' or ')}.` });
  }
}

/** A client that leaves in the middle of its body: the error of its socket looks like one of the database's. */
function brokenOff({ raw }: FastifyRequest): DomainError | null {
  if (!raw.destroyed || hasArrived(raw)) return null;
  return new DomainError('invalid_request', { detail: 'The connection ended before the request was in.' });
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
