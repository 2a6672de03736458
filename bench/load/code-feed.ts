import { get, type ClientRequest, type IncomingMessage } from 'node:http';

const LIMIT_MS = 15_000;

/** The codes as the sink receives them, over one long-lived connection. */
export class CodeFeed {
  private readonly waiting = new Map<string, (code: string) => void>();
  private rest = '';

  private constructor(private readonly request: ClientRequest) {}

  static open(port: number): Promise<CodeFeed> {
    return new Promise((resolve, reject) => {
      const request = get({ port, host: '127.0.0.1', path: '/codes' }, (response: IncomingMessage) => {
        const feed = new CodeFeed(request);
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => feed.read(chunk));
        resolve(feed);
      });
      request.on('error', reject);
    });
  }

  /** Ask before the text can arrive. Rejects with `no code` when none came in time. */
  codeFor(to: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(to);
        reject(new Error('no code'));
      }, LIMIT_MS);
      // A create that failed leaves its timer behind: it must not hold the process.
      timer.unref();
      this.waiting.set(to, (code) => {
        clearTimeout(timer);
        this.waiting.delete(to);
        resolve(code);
      });
    });
  }

  close(): void {
    this.request.destroy();
  }

  private read(chunk: string): void {
    const lines = (this.rest + chunk).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const { to, code } = JSON.parse(line) as { to: string; code: string };
      // Nobody waits for a second text to the same number: the sink counts those.
      this.waiting.get(to)?.(code);
    }
  }
}
