import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A client below HTTP: sends bytes as it likes, never closes by itself, and remembers what came back. */
export class RawSocket {
  /** The server said that nothing more will come, or broke the connection. */
  readonly ended: Promise<void>;
  received = '';

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.received += chunk.toString('latin1')));
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
  private readonly closes = new Map<number, Promise<void>>();

  constructor(server: Server) {
    server.on('connection', (socket) => {
      const { remotePort = 0 } = socket;
      this.closes.set(remotePort, new Promise((resolve) => socket.once('close', () => resolve())));
    });
  }

  /** Resolves when the server has let go of the socket, whatever the client does. */
  async closed(client: RawSocket): Promise<void> {
    const close = this.closes.get(client.socket.localPort ?? 0);
    if (!close) throw new Error('the server does not know this connection');
    await close;
  }

  /** Everything that the server said, once it has let go. */
  async storyOf(client: RawSocket): Promise<string> {
    await this.closed(client);
    await client.ended;
    client.socket.destroy();
    return client.received;
  }
}
