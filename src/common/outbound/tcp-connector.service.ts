import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ForbiddenAddressError, guardedLookup } from './guarded-lookup';
import type { ResolveAll } from './guarded-lookup';
import { isPublicAddress } from './outbound-policy';
import { TcpError } from './tcp-connector';
import type { TcpConnector, TcpTarget } from './tcp-connector';

export interface GuardedTcpConnectorOptions {
  /** Whether private addresses may be called (`OUTBOUND_ALLOW_PRIVATE`). */
  readonly allowPrivate: boolean;
  /** For tests; `dns.lookup` by default. */
  readonly resolve?: ResolveAll;
}

/** Opens plain TCP connections, and none to a private address where the settings refuse those. */
export class GuardedTcpConnector implements TcpConnector {
  private readonly allowPrivate: boolean;
  private readonly resolve: ResolveAll | undefined;

  constructor({ allowPrivate, resolve }: GuardedTcpConnectorOptions) {
    this.allowPrivate = allowPrivate;
    this.resolve = resolve;
  }

  connect(target: TcpTarget, signal: AbortSignal): Promise<Socket> {
    // A literal address is never looked up, so the guard in `lookup` would not see it.
    if (!this.allowPrivate && isIP(target.host) !== 0 && !isPublicAddress(target.host)) {
      return Promise.reject(new TcpError('forbidden_address'));
    }
    if (signal.aborted) return Promise.reject(new TcpError('connect'));
    return connected(this.open(target), target.tls ? 'secureConnect' : 'connect', signal);
  }

  private open({ host, port, tls }: TcpTarget): Socket {
    const lookup = this.allowPrivate ? undefined : guardedLookup(this.resolve);
    const options = { host, port, lookup, noDelay: true, keepAlive: true };
    if (!tls) return connect(options);
    // An address is no name that a client may ask for (RFC 6066 §3); the certificate is compared with it all the same.
    const servername = tls.servername ?? (isIP(host) === 0 ? host : undefined);
    return connectTls({ ...options, ca: tls.ca, servername, rejectUnauthorized: true });
  }
}

function connected(socket: Socket, event: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const giveUp = () => void socket.destroy(new Error('aborted'));
    signal.addEventListener('abort', giveUp);
    const settled = () => signal.removeEventListener('abort', giveUp);
    // Stays for as long as the socket lives: without a listener an error would end the process.
    socket.on('error', (error) => reject(translate(error)));
    socket.once('close', () => {
      settled();
      reject(new TcpError('connect'));
    });
    socket.once(event, () => {
      settled();
      resolve(socket);
    });
  });
}

function translate(error: Error): TcpError {
  return new TcpError(error instanceof ForbiddenAddressError ? 'forbidden_address' : 'connect');
}
