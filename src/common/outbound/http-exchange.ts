import { errors } from 'undici';
import type { Dispatcher } from 'undici';
import { ForbiddenAddressError } from './guarded-lookup';
import { HttpError } from './http-client';
import type { HttpResponse } from './http-client';

/** A gateway's answer is a line of JSON; what is longer is an error page or an attack on our memory. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** One request and its answer, as undici reports it. Settles once, whatever comes after. */
export class HttpExchange implements Dispatcher.DispatchHandler {
  /**
   * True from the moment undici starts to write on a connected socket (for TLS: after the handshake). Before
   * it nothing can have reached the other side; after it nobody can tell, least of all on a reused socket.
   */
  private started = false;
  private settled = false;
  private controller: Dispatcher.DispatchController | null = null;
  private status = 0;
  private headers: HttpResponse['headers'] = {};
  private readonly chunks: Buffer[] = [];
  private length = 0;

  constructor(
    private readonly signal: AbortSignal,
    private readonly resolve: (response: HttpResponse) => void,
    private readonly reject: (error: HttpError) => void,
  ) {
    signal.addEventListener('abort', this.onAbort);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while waiting for a connection: it must not be written any more.
    if (this.settled) return controller.abort(new errors.RequestAbortedError());
    this.controller = controller;
    this.started = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: HttpResponse['headers'],
  ): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.length += chunk.length;
    if (this.length > MAX_ANSWER_BYTES) return this.giveUp(new HttpError('too_large', true));
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.settle()) return;
    this.resolve({ status: this.status, headers: this.headers, body: this.text() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.settle()) this.reject(this.translate(error));
  }

  private readonly onAbort = (): void => this.giveUp(new HttpError('timeout', this.started));

  private giveUp(error: HttpError): void {
    if (!this.settle()) return;
    this.reject(error);
    this.controller?.abort(new errors.RequestAbortedError());
  }

  private settle(): boolean {
    if (this.settled) return false;
    this.settled = true;
    this.signal.removeEventListener('abort', this.onAbort);
    return true;
  }

  private translate(error: Error): HttpError {
    if (error instanceof ForbiddenAddressError) return new HttpError('forbidden_address', false);
    if (!this.started) return new HttpError('connect', false);
    return new HttpError(error instanceof errors.HeadersOverflowError ? 'too_large' : 'reset', true);
  }

  private text(): string {
    const [only] = this.chunks;
    return (this.chunks.length === 1 && only ? only : Buffer.concat(this.chunks)).toString('utf8');
  }
}
