import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { DomainError } from '../errors';
import { toProblem } from '../problem';
import { endConnection, isEnding } from './connections/closing';
import type { OpenConnections } from './connections/open-connections';
import { requestIdFrom } from './request-id';

/** What is the same in all answers that neither the framework nor the error filter ever sees. */
export interface BareAnswers {
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: OpenConnections;
  readonly logger: Logger;
}

const reasonPhrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  413: 'Payload Too Large',
};

/**
 * For what is not even a request: broken HTTP, headers beyond 16 KiB, a client that takes too long to send. The answer
 * never stands in the place of another: whole requests before it are answered first, and then there is none for what
 * came after them.
 */
export function onClientError(
  { code, message }: NodeJS.ErrnoException,
  socket: Socket,
  answers: BareAnswers,
): void {
  // Someone who sent nothing asked nothing: such connections are kept in store by browsers and balancers.
  const saidNothing = code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0;
  if (code === 'ECONNRESET' || saidNothing) return void socket.destroy();
  // It has had its last answer, and is closed soon in any case.
  if (isEnding(socket)) return;
  const fault = answers.connections.faultOn(socket);
  if (fault.kind === 'after-answers') return void socket.pause();
  const isNew = fault.kind === 'new';
  const requestId = requestIdFrom(isNew ? undefined : fault.request.headers['x-request-id']);
  endWithProblem(socket, clientError(code ?? message), requestId, answers);
}

/** The last thing that is said on a connection. */
export function endWithProblem(
  socket: Socket,
  error: DomainError,
  requestId: string,
  { headers, logger }: BareAnswers,
): void {
  const problem = toProblem(error, requestId);
  const { status } = problem;
  logger.info({ requestId, status, detail: error.details.detail }, 'not a request');
  endConnection(socket, asBytes(problem, { ...headers, 'x-request-id': requestId }));
}

function asBytes(
  { status, headers, body }: ReturnType<typeof toProblem>,
  more: Readonly<Record<string, string>>,
): string {
  const text = JSON.stringify(body);
  const all = {
    ...more,
    ...headers,
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${reasonPhrases[status] ?? 'Error'}\r\n${lines.join('')}\r\n${text}`;
}

function clientError(code: string): DomainError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new DomainError('payload_too_large', { detail: 'Address and headers may have at most 16 KiB.' });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return tooSlow();
    default:
      return new DomainError('invalid_request', { detail: 'This is not valid HTTP.' });
  }
}

/** Nothing has happened: no handler sees a request before its body is in. */
export function tooSlow(): DomainError {
  return new DomainError('invalid_request', { detail: 'The request took too long to arrive.' });
}
