import type { Socket } from 'node:net';

/** Where a gateway that does not speak HTTP lives. */
export interface TcpTarget {
  /** A name, or an address. */
  readonly host: string;
  readonly port: number;
  /** Absent: in the clear. */
  readonly tls?: TlsOptions;
}

/** The certificate must hold the name and be signed by a known authority: there is no way around that. */
export interface TlsOptions {
  /** PEM of the authorities to believe instead of the system's. */
  readonly ca?: string;
  /** The name in the certificate where it is not the host. */
  readonly servername?: string;
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
   * A connected socket (with TLS: after the handshake) that has a listener for `error`, so that no mistake of the
   * other side ends the process; the caller closes it. Throws `TcpError` and nothing else, also when the signal aborts.
   */
  connect(target: TcpTarget, signal: AbortSignal): Promise<Socket>;
}
