import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const TIMEOUT_MS = 15_000;

/**
 * One HTTP/1.1 connection, one request at a time, written by hand: the generator shares its cores with what it
 * measures. Understands answers with `content-length` only. Anything else, a reset or a time-out rejects, and
 * the next request connects again.
 */
export class HttpConnection {
  private socket: Socket | null = null;
  private received = '';
  private waiting: { resolve(answer: HttpAnswer): void; reject(error: Error): void } | null = null;

  constructor(
    private readonly port: number,
    private readonly headers: string,
  ) {}

  post(path: string, value: unknown): Promise<HttpAnswer> {
    const body = JSON.stringify(value);
    return this.request(
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${this.headers}content-type: application/json\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  close(): void {
    this.socket?.destroy();
  }

  private request(text: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket ??= this.open();
      this.socket.write(text);
    });
  }

  private open(): Socket {
    const socket = connect(this.port, '127.0.0.1');
    this.received = '';
    socket.setNoDelay(true);
    // Latin-1 keeps one character per byte, so that content-length can be compared; bodies here are ASCII.
    socket.setEncoding('latin1');
    socket.setTimeout(TIMEOUT_MS, () => {
      if (this.waiting) socket.destroy(new Error('timeout'));
    });
    socket.on('data', (chunk: string) => {
      this.received += chunk;
      this.tryAnswer();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => this.drop(error.code ?? error.message));
    socket.on('close', () => this.drop('closed'));
    return socket;
  }

  private drop(reason: string): void {
    const { waiting } = this;
    this.socket = null;
    this.waiting = null;
    waiting?.reject(new Error(reason));
  }

  private tryAnswer(): void {
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.received.slice(0, end).toLowerCase();
    const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
    if (length === undefined) {
      this.socket?.destroy(new Error('answer without content-length'));
      return;
    }
    const total = end + 4 + Number(length);
    if (this.received.length < total) return;
    const answer = { status: Number(head.slice(9, 12)), body: this.received.slice(end + 4, total) };
    this.received = this.received.slice(total);
    const { waiting, socket } = this;
    this.waiting = null;
    if (head.includes('\r\nconnection: close')) {
      this.socket = null;
      socket?.removeAllListeners('close').destroy();
    }
    waiting?.resolve(answer);
  }
}
