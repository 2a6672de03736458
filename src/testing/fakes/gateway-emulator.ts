import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';

/** What the emulator does with the next calls. */
export type Behaviour =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string | Buffer;
      readonly headers?: OutgoingHttpHeaders;
    }
  /** Reads the request and never answers. */
  | { readonly kind: 'hang' }
  /** Answers 200 and then one byte every 50 ms, for ever. */
  | { readonly kind: 'drip' }
  /** Resets the connection before a byte was read. */
  | { readonly kind: 'reset-before-read' }
  /** Reads the whole request, then resets. */
  | { readonly kind: 'reset-after-read' }
  /** Answers with bytes that are not HTTP. */
  | { readonly kind: 'garbage' }
  /** Answers 200 with that many bytes of JSON-like text. */
  | { readonly kind: 'huge'; readonly bytes: number };

export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A gateway on 127.0.0.1 over real sockets that answers as told and keeps what it was sent. */
export class GatewayEmulator {
  readonly requests: SeenRequest[] = [];
  connections = 0;
  port = 0;
  private behaviour: Behaviour = { kind: 'answer', status: 200, body: '' };
  private readonly http: Server;
  /** In front of `http`, so that a connection can be reset without reading a byte of it. */
  private readonly server: TcpServer;
  private readonly sockets = new Set<Socket>();

  private constructor() {
    this.http = createHttpServer((request, response) => void this.handle(request, response));
    this.http.keepAliveTimeout = 30_000;
    this.server = createTcpServer({ pauseOnConnect: true }, (socket) => this.accept(socket));
  }

  static async start(): Promise<GatewayEmulator> {
    const emulator = new GatewayEmulator();
    await new Promise<void>((resolve) => emulator.server.listen(0, '127.0.0.1', resolve));
    emulator.port = (emulator.server.address() as AddressInfo).port;
    return emulator;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get lastRequest(): SeenRequest {
    const last = this.requests.at(-1);
    if (!last) throw new Error('the emulator saw no request');
    return last;
  }

  behave(behaviour: Behaviour): void {
    this.behaviour = behaviour;
  }

  /** Shorthand for the usual: a status and a body, JSON when it is an object. */
  answer(status: number, body: string | Buffer | object = '', headers?: OutgoingHttpHeaders): void {
    const raw = typeof body === 'string' || Buffer.isBuffer(body);
    this.behave({
      kind: 'answer',
      status,
      body: raw ? body : JSON.stringify(body),
      headers: headers ?? (raw ? {} : { 'content-type': 'application/json' }),
    });
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(socket: Socket): void {
    this.connections += 1;
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    if (this.behaviour.kind === 'reset-before-read') {
      // By then the request waits unread in the kernel's buffer.
      setTimeout(() => socket.resetAndDestroy(), 30);
      return;
    }
    this.http.emit('connection', socket);
    socket.resume();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.requests.push({
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    });
    respond(this.behaviour, request.socket, response);
  }
}

function respond(behaviour: Behaviour, socket: Socket, response: ServerResponse): void {
  switch (behaviour.kind) {
    case 'answer':
      response.writeHead(behaviour.status, behaviour.headers ?? {}).end(behaviour.body);
      return;
    case 'drip':
      return drip(response);
    case 'garbage':
      socket.end('\x00\x01 this is not HTTP\r\n\r\n');
      return;
    case 'huge':
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(Buffer.alloc(behaviour.bytes, '{"id":"'));
      return;
    case 'reset-before-read':
    case 'reset-after-read':
      socket.resetAndDestroy();
      return;
    case 'hang':
      return;
  }
}

function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
}
