import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as realSleep } from 'node:timers/promises';

/** One client connection and its twin to the target. */
interface Link {
  client: Socket;
  target: Socket;
  /** Whether bytes were dropped on it: such a link is of no use any more. */
  torn: boolean;
}

/**
 * A TCP proxy on 127.0.0.1 that can misbehave. A replica-set client would learn the real addresses and go
 * round it, so use `mongoUri`, which asks for a direct connection.
 */
export class TcpProxy {
  private readonly links = new Set<Link>();
  private mode: 'pass' | 'cut' | 'swallow' = 'pass';
  private latencyMs = 0;
  /** Answers that arrived and wait for their delay. */
  held = 0;
  private trap: { readonly text: string; readonly mode: 'cut' | 'swallow' } | null = null;

  private constructor(
    private readonly server: Server,
    private readonly targetPort: number,
    private readonly sleep: (ms: number) => Promise<unknown>,
  ) {
    server.on('connection', (client: Socket) => this.accept(client));
  }

  /** @param sleep for tests of the proxy itself */
  static async start(
    targetPort: number,
    sleep: (ms: number) => Promise<unknown> = realSleep,
  ): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server, targetPort, sleep);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  mongoUri(database = ''): string {
    return `mongodb://127.0.0.1:${this.port}/${database}?directConnection=true`;
  }

  /** Resets every connection and each new one at once. */
  cut(): void {
    this.mode = 'cut';
    for (const link of this.links) drop(link);
  }

  /** Requests still reach the target, which acts on them; nothing comes back, on connections old and new. */
  swallowAnswers(): void {
    this.mode = 'swallow';
  }

  /** As `cut`, from the next request on that contains `text`: the target never sees that one. */
  cutBefore(text: string): void {
    this.trap = { text, mode: 'cut' };
  }

  /** As `swallowAnswers`, from the next request on that contains `text`: the target acts on it. */
  swallowAfter(text: string): void {
    this.trap = { text, mode: 'swallow' };
  }

  /** Every answer takes this much longer; 0 ends it. */
  delay(ms: number): void {
    this.latencyMs = ms;
  }

  /** Back to normal. Connections that lost answers are reset, because the rest of their stream is meaningless. */
  heal(): void {
    this.mode = 'pass';
    this.latencyMs = 0;
    this.trap = null;
    for (const link of this.links) if (link.torn) drop(link);
  }

  async close(): Promise<void> {
    for (const link of this.links) drop(link);
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.mode === 'cut') {
      client.resetAndDestroy();
      return;
    }
    const link = { client, target: connect(this.targetPort, '127.0.0.1'), torn: false };
    this.links.add(link);
    for (const socket of [link.client, link.target]) {
      socket.setNoDelay(true);
      // The other side hears of it by the close below.
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.links.delete(link);
        drop(link);
      });
    }
    client.on('data', (chunk: Buffer) => {
      this.springTrap(chunk);
      if (this.mode !== 'cut') link.target.write(chunk);
    });
    this.forwardAnswers(link);
  }

  private springTrap(request: Buffer): void {
    if (!this.trap || !request.includes(this.trap.text)) return;
    const { mode } = this.trap;
    this.trap = null;
    if (mode === 'cut') this.cut();
    else this.swallowAnswers();
  }

  private forwardAnswers(link: Link): void {
    // One after the other, so that a shorter delay never overtakes a longer one.
    let order = Promise.resolve();
    link.target.on('data', (chunk: Buffer) => {
      const due = this.latencyMs > 0 ? this.sleep(this.latencyMs) : undefined;
      this.held += 1;
      order = order.then(async () => {
        await due;
        this.held -= 1;
        if (this.mode === 'swallow') link.torn = true;
        else if (!link.torn && !link.client.destroyed) link.client.write(chunk);
      });
    });
  }
}

function drop(link: Link): void {
  link.client.resetAndDestroy();
  link.target.resetAndDestroy();
}
