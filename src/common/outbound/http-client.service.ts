import { isIP } from 'node:net';
import { Agent } from 'undici';
import { guardedLookup } from './guarded-lookup';
import type { ResolveAll } from './guarded-lookup';
import { HttpError } from './http-client';
import type { HttpClient, HttpRequest, HttpResponse } from './http-client';
import { HttpExchange } from './http-exchange';
import { isPublicAddress } from './outbound-policy';

const CONNECTIONS_PER_ORIGIN = 64;
/** Leaves time for another gateway within the 4 s of an attempt; two SYN retransmissions fit in. */
const CONNECT_TIMEOUT_MS = 3_000;
/** Below the 5 s after which common servers (Node, Apache) close an idle connection. */
const KEEP_ALIVE_MS = 4_000;

export interface UndiciHttpClientOptions {
  /** Whether private addresses may be called (`OUTBOUND_ALLOW_PRIVATE`). */
  readonly allowPrivate: boolean;
  /** For tests; `dns.lookup` by default. */
  readonly resolve?: ResolveAll;
  /** Default: as many as `SmsService` lets run against one gateway, so a call rarely waits for a socket. */
  readonly connectionsPerOrigin?: number;
}

/**
 * The `HttpClient` for gateways on undici: one pool per origin, keep-alive, one request at a time per socket.
 * undici repeats nothing by itself once a request was started.
 */
export class UndiciHttpClient implements HttpClient {
  private readonly agent: Agent;
  private readonly allowPrivate: boolean;

  constructor({ allowPrivate, resolve, connectionsPerOrigin }: UndiciHttpClientOptions) {
    this.allowPrivate = allowPrivate;
    const connect = allowPrivate ? {} : { lookup: guardedLookup(resolve) };
    this.agent = createAgent(connect, connectionsPerOrigin ?? CONNECTIONS_PER_ORIGIN);
  }

  request(request: HttpRequest): Promise<HttpResponse> {
    const target = this.target(request);
    if (target instanceof HttpError) return Promise.reject(target);
    const { method, body = null, headers, signal } = request;
    if (signal.aborted) return Promise.reject(new HttpError('timeout', false));
    return new Promise((resolve, reject) => {
      const exchange = new HttpExchange(signal, resolve, reject);
      this.agent.dispatch(
        { ...target, method, body, headers: { 'user-agent': 'sixdigit', ...headers } },
        exchange,
      );
    });
  }

  /** Closes the pools at once; calls still under way end with an `HttpError`. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private target({ url, query }: HttpRequest): { origin: string; path: string } | HttpError {
    if (!URL.canParse(url)) return new HttpError('connect', false);
    const { origin, protocol, hostname, pathname, search } = new URL(url);
    if (protocol !== 'https:' && protocol !== 'http:') return new HttpError('connect', false);
    // A literal address is never looked up, so the guard in `lookup` would not see it.
    if (!this.allowPrivate && isLiteral(hostname) && !isPublicAddress(hostname)) {
      return new HttpError('forbidden_address', false);
    }
    const own = query ? (search ? '&' : '?') + query : '';
    return { origin, path: pathname + search + own };
  }
}

function createAgent(connect: { lookup?: ReturnType<typeof guardedLookup> }, connections: number): Agent {
  return new Agent({
    connections,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    // The caller's signal is the one time limit; undici's own would only add timers.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { ...connect, timeout: CONNECT_TIMEOUT_MS },
  });
}

function isLiteral(hostname: string): boolean {
  return hostname.startsWith('[') || isIP(hostname) !== 0;
}
