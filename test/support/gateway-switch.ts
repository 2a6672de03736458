import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const FIRST_BLOCK = 620_000_000;
const BLOCK_SIZE = 100_000;

/**
 * The gateway of processes that many test files share: each file gets a block of Spanish numbers of its own, and the
 * texts to it go on to that file's sink. Texts to other numbers are taken and forgotten.
 */
export class GatewaySwitch {
  /** The sinks, by block. */
  private readonly sinks: string[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      this.handle(request, response).catch(() => request.socket.destroy());
    });
  }

  static async start(): Promise<GatewaySwitch> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    const gateway = new GatewaySwitch(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  /** `/messages` takes texts, `/blocks` gives out numbers. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** @returns the first number of a block, without its calling code */
  static async register(switchUrl: string, sinkUrl: string): Promise<number> {
    const response = await fetch(`${switchUrl}/blocks`, { method: 'POST', body: sinkUrl });
    return Number(await response.text());
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (request.url === '/blocks') {
      const block = this.sinks.push(body) - 1;
      return void response.end(String(FIRST_BLOCK + block * BLOCK_SIZE));
    }
    const sink = this.sinkOf(body);
    if (sink === undefined) return void response.writeHead(200).end('{}');
    const answer = await fetch(sink, { method: 'POST', body, headers: { connection: 'close' } });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  }

  private sinkOf(body: string): string | undefined {
    const { to } = JSON.parse(body) as { to: string };
    return to.startsWith('+34')
      ? this.sinks[Math.floor((Number(to.slice(3)) - FIRST_BLOCK) / BLOCK_SIZE)]
      : undefined;
  }
}
