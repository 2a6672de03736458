import { Readable } from 'node:stream';
import type { HttpClient } from '../../../common/outbound/http-client';

/** The request as the SDK hands it to what carries it, as far as it uses it here. */
interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

/**
 * Carries the SDK's calls over our own HTTP client: then the rule for private addresses, the bound on answers and the
 * errors that tell whether anything was sent hold for them as for every gateway. Every call of this API is a POST
 * without a query.
 */
export function sdkHttpHandler(http: HttpClient) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(
      { protocol, hostname, port, path, headers, body = '' }: SdkRequest,
      { abortSignal }: { readonly abortSignal?: AbortSignal } = {},
    ): Promise<{ response: SdkResponse }> {
      const response = await http.request({
        method: 'POST',
        url: `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`,
        headers,
        body: typeof body === 'string' ? body : new TextDecoder().decode(body),
        signal: abortSignal ?? new AbortController().signal,
      });
      const plain = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
      return {
        response: {
          statusCode: response.status,
          headers: Object.fromEntries(plain) as Record<string, string>,
          body: Readable.from([Buffer.from(response.body)]),
        },
      };
    },
    /** The SDK asks for these two of everything that carries its calls; there is nothing to set. */
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}
