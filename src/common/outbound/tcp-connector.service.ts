import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { ForbiddenAddressError, guardedLookup } from '../http/guarded-lookup';
import type { ResolveAll } from '../http/guarded-lookup';
import { isPublicAddress } from '../http/outbound-policy';
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

  connect({ host, port }: TcpTarget, signal: AbortSignal): Promise<Socket> {
    // A literal address is never looked up, so the guard in `lookup` would not see it.
    if (!this.allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) {
      return Promise.reject(new TcpError('forbidden_address'));
    }
    if (signal.aborted) return Promise.reject(new TcpError('connect'));
    const lookup = this.allowPrivate ? undefined : guardedLookup(this.resolve);
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, lookup, noDelay: true, keepAlive: true });
      const giveUp = () => void socket.destroy(new Error('aborted'));
      signal.addEventListener('abort', giveUp);
      socket.once('close', () => signal.removeEventListener('abort', giveUp));
      // Stays for as long as the socket lives: without a listener an error would end the process.
      socket.on('error', (error) => reject(translate(error)));
      socket.once('connect', () => {
        signal.removeEventListener('abort', giveUp);
        resolve(socket);
      });
    });
  }
}

function translate(error: Error): TcpError {
  return new TcpError(error instanceof ForbiddenAddressError ? 'forbidden_address' : 'connect');
}
