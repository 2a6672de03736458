import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { LINGER_MS } from './limits';

/** Whether all of a request has arrived. */
export function hasArrived({ complete, headers }: IncomingMessage): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return complete || !hasBody;
}

/** Connections that have had their last answer, or are about to. */
const ending = new WeakSet<Socket>();

/** Whether nothing that arrives on this connection is worth a look any more. */
export function isEnding(socket: Socket): boolean {
  return ending.has(socket);
}

/**
 * Ends a connection on which something may still be arriving that nobody will read: says so, reads no more, and is
 * gone within {@link LINGER_MS}. Closed at once, the system would tell the client of a broken connection, and many
 * clients would then not read the answer.
 */
export function endConnection(socket: Socket, lastWords?: string): void {
  ending.add(socket);
  socket.pause();
  // Node lets go of an unread body, and by that reads on, only after this.
  setImmediate(() => socket.pause());
  if (lastWords === undefined) socket.end();
  else socket.end(lastWords);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}

/** To be called before an answer with `Connection: close` goes out: Node then calls `destroySoon` when it is out. */
export function lingerAfterAnswer(socket: Socket): void {
  ending.add(socket);
  socket.destroySoon = () => endConnection(socket);
}
