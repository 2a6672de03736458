import { DomainError } from '../errors';
import { toProblem } from '../problem';

/**
 * The answer, as bytes for the socket, to what is not even a request: broken HTTP, headers beyond 16 KiB, a
 * client that takes too long to send. Neither the framework nor the error filter ever sees these.
 */
export function clientErrorAnswer(
  errorCode: string | undefined,
  headers: Readonly<Record<string, string>>,
): string {
  const { status, body } = toProblem(clientError(errorCode));
  const text = JSON.stringify(body);
  const lines = Object.entries({
    ...headers,
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${status} ${status === 413 ? 'Payload Too Large' : 'Bad Request'}\r\n${lines.join('\r\n')}\r\n\r\n${text}`;
}

function clientError(errorCode: string | undefined): DomainError {
  switch (errorCode) {
    case 'HPE_HEADER_OVERFLOW':
      return new DomainError('payload_too_large', { detail: 'Address and headers may have at most 16 KiB.' });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new DomainError('invalid_request', { detail: 'The request took too long to arrive.' });
    default:
      return new DomainError('invalid_request', { detail: 'This is not valid HTTP.' });
  }
}
