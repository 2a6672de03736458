/** A request to a gateway. `url` never holds a secret, a code or a phone number: it may be logged by others. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Decoded as UTF-8, at most 64 KiB. */
  readonly body: string;
}

/** A call that got no answer. `sent: false` means for certain that the request never reached the other side. */
export class HttpError extends Error {
  constructor(
    readonly kind: 'connect' | 'timeout' | 'reset' | 'too_large' | 'forbidden_address',
    readonly sent: boolean,
  ) {
    super(`request failed: ${kind}`);
    this.name = 'HttpError';
  }
}

/** Outbound HTTP for gateways: pooled, never follows redirects, refuses private addresses where the settings say so. */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResponse>;
}
