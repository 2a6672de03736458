import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SinkMessage {
  /** The delivery id that Sixdigit sent. */
  readonly id: string;
  readonly to: string;
  readonly from: string | null;
  readonly text: string;
  readonly at: number;
}

/**
 * - `accept`: 200 `{id}`; recorded after `delayMs`, answered `answerAfterMs` later
 * - `status`: that status and `body`, nothing recorded
 * - `hang`: recorded, never answered
 * - `reset-before-read`: the connection is reset when the request line is there, nothing recorded
 * - `reset-after-read`: recorded, then reset: for the caller the outcome is unknown
 */
export type SinkMode =
  | { readonly kind: 'accept'; readonly delayMs?: number; readonly answerAfterMs?: number }
  | { readonly kind: 'status'; readonly status: number; readonly body?: unknown; readonly delayMs?: number }
  | { readonly kind: 'hang' | 'reset-before-read' | 'reset-after-read' };

const WAIT_LIMIT_MS = 10_000;

/** Plays the gateway behind `SMS_ROUTES=*:http` (`SMS_HTTP_URL` is `url`) and remembers every text. */
export class GatewaySink {
  readonly messages: SinkMessage[] = [];
  mode: SinkMode = { kind: 'accept' };
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      this.handle(request, response).catch(() => request.socket.destroy());
    });
  }

  static async start(): Promise<GatewaySink> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    const sink = new GatewaySink(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/messages`;
  }

  /** Messages to a number, oldest first. */
  sentTo(to: string): SinkMessage[] {
    return this.messages.filter((message) => message.to === to);
  }

  /** The code in the latest text to a number, once there are `count` of them; fails after 10 s. */
  async waitForCode(to: string, count = 1): Promise<string> {
    const deadline = Date.now() + WAIT_LIMIT_MS;
    while (Date.now() < deadline) {
      const sent = this.sentTo(to);
      if (sent.length >= count) return codeIn(sent.at(-1)?.text ?? '');
      await sleep(5);
    }
    throw new Error(`the gateway got ${this.sentTo(to).length} of ${count} messages`);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const mode = this.mode;
    if (mode.kind === 'reset-before-read') return void request.socket.resetAndDestroy();
    const message = toMessage(await bodyOf(request));
    if ('delayMs' in mode && mode.delayMs) await sleep(mode.delayMs);
    if (mode.kind === 'status') return answer(response, mode.status, mode.body ?? { error: 'refused' });
    this.messages.push(message);
    if (mode.kind === 'reset-after-read') return void request.socket.resetAndDestroy();
    if (mode.kind !== 'accept') return;
    if (mode.answerAfterMs) await sleep(mode.answerAfterMs);
    answer(response, 200, { id: `sink-${this.messages.length}` });
  }
}

/** The first run of 4 to 10 letters and digits with a digit in it: the texts put the code before any other number. */
export function findCode(text: string): string | null {
  return /(?<![\p{L}\p{N}])(?=[A-Z]*\d)[A-Z0-9]{4,10}(?![\p{L}\p{N}])/u.exec(text)?.[0] ?? null;
}

export function codeIn(text: string): string {
  const code = findCode(text);
  if (code === null) throw new Error('the text holds no code');
  return code;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

function toMessage(body: string): SinkMessage {
  const { id, to, from, text } = JSON.parse(body) as Record<string, unknown>;
  return {
    id: String(id),
    to: String(to),
    from: typeof from === 'string' ? from : null,
    text: String(text),
    at: Date.now(),
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
