import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SeededRandom } from '../faults/seeded-random';

/** How often a gateway misbehaves; what is left is answered as it should be. */
export interface Trouble {
  /** Takes the text and never answers. */
  readonly hang?: number;
  /** Answers 500 and takes nothing. */
  readonly error?: number;
  /** Refuses the text for certain (400), which does not speak against the gateway. */
  readonly refuse?: number;
}

/** One text as a gateway saw it. Times are monotonic milliseconds. */
export interface SeenText {
  readonly id: string;
  readonly code: string;
  readonly arrivedAt: number;
  /** When the answer was handed to the socket; null: there was none. */
  answeredAt: number | null;
  /** Whether the person gets it. */
  readonly isTaken: boolean;
}

/** A vendor with bad days, over real sockets: speaks what the generic `http` gateway speaks. */
export class ChaoticGateway {
  readonly seen: SeenText[] = [];
  private readonly server: Server;

  private constructor(
    private readonly trouble: Trouble,
    private readonly random: SeededRandom,
  ) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.answer(Buffer.concat(chunks).toString('utf8'), response));
      request.on('error', () => undefined);
    });
    this.server.keepAliveTimeout = 30_000;
  }

  static async start(trouble: Trouble, random: SeededRandom): Promise<ChaoticGateway> {
    const gateway = new ChaoticGateway(trouble, random);
    await new Promise<void>((resolve) => gateway.server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/sms`;
  }

  /** From now on connections are refused; the address stays the same. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(body: string, response: ServerResponse): void {
    const { id, text } = JSON.parse(body) as { id: string; text: string };
    const status = this.decide();
    const isTaken = status === 200 || status === null;
    const code = /\d{6}/.exec(text)?.[0] ?? '';
    const one: SeenText = { id, code, arrivedAt: performance.now(), answeredAt: null, isTaken };
    this.seen.push(one);
    if (status === null) return;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: `vendor-${this.seen.length}` }));
    one.answeredAt = performance.now();
  }

  /** Null: no answer. */
  private decide(): number | null {
    const { hang = 0, error = 0, refuse = 0 } = this.trouble;
    const drawn = this.random.next();
    if (drawn < hang) return null;
    if (drawn < hang + error) return 500;
    return drawn < hang + error + refuse ? 400 : 200;
  }
}
