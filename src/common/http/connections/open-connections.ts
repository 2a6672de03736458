import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { endConnection, hasArrived, isEnding } from './closing';

/** A connection, and the requests on it that are not answered yet. */
interface OpenConnection {
  readonly unanswered: Set<ServerResponse>;
  /** What arrived after the last of them was no HTTP: nothing more will come. */
  isBroken: boolean;
}

/** To whom an error of the parser has to be told. */
export type Fault =
  /** Nobody waits for an answer: it may be said on the connection. */
  | { readonly kind: 'new' }
  /** This request arrives in pieces that make no sense, or not in time. */
  | { readonly kind: 'request'; readonly request: IncomingMessage }
  /** The requests before it are whole and will be answered; then the connection ends by itself. */
  | { readonly kind: 'after-answers' };

/**
 * The connections of a server, never more than `limit`. When one more comes, the one is closed whose client has kept
 * the server waiting longest: with its next request, with the rest of one, or with taking an answer. So a thousand
 * slow senders take places from each other, and a probe or a call that arrives whole always finds one. A connection
 * whose request is being worked on is never closed; if all are, the new one is.
 */
export class OpenConnections {
  /** In the order in which something began or ended on them. */
  private readonly connections = new Map<Socket, OpenConnection>();

  /** @param tellCrowded called for each connection that had to go */
  constructor(
    private readonly limit: number,
    private readonly tellCrowded: () => void,
  ) {}

  get size(): number {
    return this.connections.size;
  }

  /** To be called when the framework listens to the server: its requests go through here. */
  watch(server: Server): void {
    const framework = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('connection', (socket) => this.opened(socket));
    server.on('request', (request, response) => {
      if (isEnding(request.socket)) return;
      this.begun(response);
      for (const listener of framework) listener.call(server, request, response);
    });
  }

  /** Whom an error of the parser concerns; see {@link Fault}. */
  faultOn(socket: Socket): Fault {
    const connection = this.connections.get(socket);
    const last = [...(connection?.unanswered ?? [])].at(-1);
    if (!connection || !last) return { kind: 'new' };
    if (!hasArrived(last.req)) return { kind: 'request', request: last.req };
    connection.isBroken = true;
    return { kind: 'after-answers' };
  }

  private opened(socket: Socket): void {
    if (this.connections.size >= this.limit) {
      this.tellCrowded();
      const slowest = this.slowest();
      if (!slowest) return void socket.destroy();
      this.connections.delete(slowest);
      slowest.destroy();
    }
    const unanswered = new Set<ServerResponse>();
    this.connections.set(socket, { unanswered, isBroken: false });
    socket.once('close', () => {
      this.connections.delete(socket);
      setImmediate(closeAll, unanswered);
    });
  }

  private begun(response: ServerResponse): void {
    const { socket } = response.req;
    const connection = this.connections.get(socket);
    if (!connection) return;
    connection.unanswered.add(response);
    this.moved(socket, connection);
    response.once('close', () => {
      connection.unanswered.delete(response);
      if (socket.destroyed) return;
      this.moved(socket, connection);
      if (connection.isBroken && connection.unanswered.size === 0) endConnection(socket);
    });
  }

  private moved(socket: Socket, connection: OpenConnection): void {
    if (!this.connections.delete(socket)) return;
    this.connections.set(socket, connection);
  }

  private slowest(): Socket | null {
    for (const [socket, { unanswered }] of this.connections) {
      if (![...unanswered].some(isAtWork)) return socket;
    }
    return null;
  }
}

/**
 * Node says of the answer at hand only that its connection has ended. Those that wait behind it would stay open for
 * ever, with all that was taken for them: files, places, bytes.
 */
function closeAll(unanswered: ReadonlySet<ServerResponse>): void {
  for (const response of [...unanswered]) response.emit('close');
}

/** Whether it is the server that the client waits for. */
function isAtWork(response: ServerResponse): boolean {
  return hasArrived(response.req) && !response.headersSent;
}
