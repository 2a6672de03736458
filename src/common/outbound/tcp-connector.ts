import type { Socket } from 'node:net';

/** Where a gateway that does not speak HTTP lives. */
export interface TcpTarget {
  /** A name, or an address. */
  readonly host: string;
  readonly port: number;
}

/** A connection that did not come about: `forbidden_address` by our own rule, `connect` for everything else. Holds no cause. */
export class TcpError extends Error {
  constructor(readonly kind: 'connect' | 'forbidden_address') {
    super(`connection failed: ${kind}`);
    this.name = 'TcpError';
  }
}

/** Outbound connections for gateways with a protocol of their own (SMPP, SMTP), under the rule of the HTTP client. */
export interface TcpConnector {
  /**
   * A connected socket with a listener for `error`, so that nobody's mistake ends the process; the caller closes it.
   * TLS is the caller's to put on top. Throws `TcpError` and nothing else, also when the signal aborts.
   */
  connect(target: TcpTarget, signal: AbortSignal): Promise<Socket>;
}
