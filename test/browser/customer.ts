/** A company that uses the product: its backend's calls, and a site of its own that people come back to. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppProcess } from '../support/app-process';
import { noLimits } from '../builders/limits';

const scopes = ['hosted:write', 'verifications:write', 'verifications:read', 'sandbox:read', 'limits:write'];

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A page of the company's site, by path. */
export type Pages = Readonly<
  Record<string, { readonly html: string; readonly headers?: Record<string, string> }>
>;

export class Customer {
  /** Requests that reached the site, path and query. */
  readonly visits: string[] = [];
  private pages: Pages = {};

  private constructor(
    private readonly app: AppProcess,
    private readonly server: Server,
    private readonly apiKey: string,
    readonly applicationId: string,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      this.serve(request, response),
    );
  }

  static async start(app: AppProcess): Promise<Customer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = originOf(server);
    const hosted = { returnUrls: [`${origin}/back`], cancelUrls: [`${origin}/cancelled`], origins: [origin] };
    const settings = { brand: 'Acme', contact: 'help@acme.example', limits: noLimits, hosted };
    const created = await admin(app, 'POST', '/v1/applications', { name: 'browser', settings });
    const id = String(created.body['id']);
    const key = await admin(app, 'POST', `/v1/applications/${id}/keys`, { name: 'backend', scopes });
    return new Customer(app, server, String(key.body['key']), id);
  }

  /** `http://127.0.0.1:port` of the site. */
  get origin(): string {
    return originOf(this.server);
  }

  /** What the site shows besides `/back` and `/cancelled`. */
  show(pages: Pages): void {
    this.pages = pages;
  }

  /** Changes settings of the application, as its operator. */
  async set(settings: object): Promise<void> {
    const answer = await admin(this.app, 'PATCH', `/v1/applications/${this.applicationId}`, { settings });
    if (answer.status !== 200) throw new Error(`settings refused: ${JSON.stringify(answer.body)}`);
  }

  /** Nothing is sent to this number any more. */
  async block(number: string): Promise<void> {
    const entry = { list: 'block', kind: 'number', value: number, reason: 'asked for it' };
    const answer = await this.call('POST', '/v1/blocks', entry);
    if (answer.status !== 201) throw new Error(`not blocked: ${JSON.stringify(answer.body)}`);
  }

  /** A call of the backend. */
  call(method: string, path: string, body?: object): Promise<Answer> {
    return call(this.app.url, this.apiKey, { method, path, body });
  }

  /** Begins a process. @returns its id, and its link or session */
  async begin(ask: object = {}): Promise<{ id: string; url: string; sessionToken: string }> {
    const body = { purpose: 'login', returnUrl: `${this.origin}/back`, ...ask };
    const answer = await this.call('POST', '/v1/hosted-verifications', body);
    if (answer.status !== 201) throw new Error(`not begun: ${JSON.stringify(answer.body)}`);
    return answer.body as { id: string; url: string; sessionToken: string };
  }

  /** The newest code that was sent to a number, or is about to be. */
  async codeFor(number: string): Promise<string> {
    for (let wait = 0; wait < 50; wait += 1) {
      const [message] = await this.messagesTo(number);
      if (message !== undefined) return message.code;
      await sleep(100);
    }
    throw new Error('no message was sent');
  }

  /** The result that the last visit of `/back` brought. */
  result(): string {
    const visit = this.visits.filter((path) => path.startsWith('/back?')).at(-1) ?? '/back';
    return new URL(visit, this.origin).searchParams.get('result') ?? '';
  }

  /** What the backend does with a result; `idempotencyKey` as a repeat would have it. */
  redeem(id: string, resultToken: string, idempotencyKey?: string): Promise<Answer> {
    const path = `/v1/hosted-verifications/${id}/redeem`;
    const headers: Record<string, string> =
      idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
    return call(this.app.url, this.apiKey, { method: 'POST', path, body: { resultToken }, headers });
  }

  /** Newest first. */
  async messagesTo(number: string): Promise<{ readonly code: string; readonly text: string }[]> {
    const { body } = await this.call('GET', `/v1/sandbox/messages?to=${encodeURIComponent(number)}`);
    return body['data'] as { code: string; text: string }[];
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve({ url = '/' }: IncomingMessage, response: ServerResponse): void {
    this.visits.push(url);
    const page = this.pages[url.split('?')[0] ?? ''];
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page?.headers });
    response.end(page?.html ?? '<!doctype html><title>Acme</title><h1>Welcome back</h1>');
  }
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function admin(app: AppProcess, method: string, path: string, body: object): Promise<Answer> {
  return call(app.url, app.adminKey, { method, path, body });
}

async function call(url: string, key: string, { method, path, body, headers = {} }: Asked): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...headers,
      authorization: `Bearer ${key}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}
