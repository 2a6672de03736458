/**
 * A request to a gateway. `url` never holds a secret, a code or a phone number: it may be logged by others.
 * What a GET-style gateway wants in its query goes into `query`.
 */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Absolute, http or https, without user name and password. */
  readonly url: string;
  /** Appended to the query of `url`; already encoded, without `?`. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the call at once, wherever it is. There is no other time limit. */
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Decoded as UTF-8 (invalid bytes become U+FFFD), at most 64 KiB. */
  readonly body: string;
}

/**
 * - `connect`: no connection (name, route, refusal, TLS); - `forbidden_address`: refused by our own rule;
 * - `timeout`: the signal aborted; - `reset`: the connection ended early or the answer was not HTTP;
 * - `too_large`: the answer is longer than 64 KiB.
 */
export type HttpErrorKind = 'connect' | 'timeout' | 'reset' | 'too_large' | 'forbidden_address';

/**
 * A call that got no answer. `sent: false` means for certain that the request never reached the other side.
 * Holds nothing of the request and no cause: both could carry a code, a number or credentials into a log.
 */
export class HttpError extends Error {
  constructor(
    readonly kind: HttpErrorKind,
    readonly sent: boolean,
  ) {
    super(`request failed: ${kind}`);
    this.name = 'HttpError';
  }
}

/** Outbound HTTP for gateways: pooled, never follows redirects, refuses private addresses where the settings say so. */
export interface HttpClient {
  /** Throws `HttpError` and nothing else. */
  request(request: HttpRequest): Promise<HttpResponse>;
}
