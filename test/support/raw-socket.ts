import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What became of a connection. */
export interface SocketStory {
  /** Everything that the server said. */
  readonly received: string;
  /** Until its first byte, from the start; null when it said nothing. */
  readonly answeredMs: number | null;
  /** Until the server had let go of the socket, from the start. */
  readonly closedMs: number;
}

/** A client below HTTP: sends bytes as it likes, never closes by itself, and remembers what came back. */
export class RawSocket {
  /** The server said that nothing more will come, or broke the connection. */
  readonly ended: Promise<void>;
  readonly startedAt = performance.now();
  answeredMs: number | null = null;
  received = '';

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.answeredMs ??= performance.now() - this.startedAt;
      this.received += chunk.toString('latin1');
    });
    // A reset is one of the ways to be closed.
    socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => socket.once('end', resolve).once('close', () => resolve()));
  }

  static async open(origin: string, firstBytes: string | Buffer = ''): Promise<RawSocket> {
    const { hostname, port } = new URL(origin);
    // The end that the server announces is not the end of this client.
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const raw = new RawSocket(socket);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    if (firstBytes.length > 0) socket.write(firstBytes);
    return raw;
  }

  /** One byte a second, until there is nobody to send to. */
  async trickle(bytes: string): Promise<void> {
    for (const byte of bytes) {
      if (this.socket.destroyed) return;
      this.socket.write(byte);
      await sleep(1_000);
    }
  }
}

/** The same connections as their server sees them: only there it shows when a socket is really gone. */
export class ServerSockets {
  private readonly closed = new Map<number, Promise<number>>();

  constructor(server: Server) {
    server.on('connection', (socket) => {
      const { remotePort = 0 } = socket;
      this.closed.set(
        remotePort,
        new Promise((resolve) => socket.once('close', () => resolve(performance.now()))),
      );
    });
  }

  /** By `performance.now()`. */
  async closedAt(client: RawSocket): Promise<number> {
    const closedAt = await this.closed.get(client.socket.localPort ?? 0);
    if (closedAt === undefined) throw new Error('the server does not know this connection');
    return closedAt;
  }

  async storyOf(client: RawSocket): Promise<SocketStory> {
    const closedAt = await this.closedAt(client);
    await client.ended;
    client.socket.destroy();
    const { received, answeredMs, startedAt } = client;
    return { received, answeredMs, closedMs: closedAt - startedAt };
  }
}
